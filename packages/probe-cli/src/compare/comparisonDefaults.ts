// Without anything else: the help of a command states them.

export const defaultWarmupPairs = 1;
export const defaultMargin = 1.05;
export const defaultMaxPairs = 60;
