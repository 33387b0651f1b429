"""Places in the arrays that describe a run to the kernels: its layers, and its hyper-parameters.

The plan of a run is int64, shape (layers, COLUMNS), the output layer last. Layer l has weights (inputs, units), row
by row from START on, then its biases; a normalised layer has gains from GAIN on, then its shifts. Values of all
layers lie one after another in flat arrays, layer l from OFFSET · rows on.
"""

INPUTS, UNITS, START, OFFSET = 0, 1, 2, 3
# FUNCTION is the address of the compiled activation; KIND says where its parameters come from.
FUNCTION, KIND = 4, 5
# NORM: none, batch or layer; GAIN: its first parameter. SLOPE: the place of a learned slope.
NORM, GAIN, SLOPE = 6, 7, 8
# SKIP: 1 if the layer adds its input to its output.
SKIP = 9
# BLAS: the address of gemm for a layer that is large enough for it, else 0.
BLAS = 10
# SPLIT: 1 if the network is so large that every batch is computed in two halves.
SPLIT = 11
COLUMNS = 12

FIXED, LEARNED, RANDOM = 0, 1, 2
NO_NORM, BATCH_NORM, LAYER_NORM = 0, 1, 2

# Places in a run's row of hyper-parameters.
RATE, L1, L2, CLIP, CLIP_VALUE, DECAY, DROPOUT, WARMUP = 0, 1, 2, 3, 4, 5, 6, 7
# The schedule's code and its up to three values; the optimiser's up to four.
SCHEDULE, SCHEDULE_FIRST, FIRST = 8, 9, 12
HYPER = 16

# What random numbers are drawn for (chance.py).
MASK_DRAWS, SLOPE_DRAWS = 0, 1
PRECISIONS = ("float32", "float64")

# Normalisation: what keeps the division finite, and the share of a new batch in the running statistics.
EPSILON = 1e-5
MOMENTUM = 0.1
