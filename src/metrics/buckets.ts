/** Bounds of histograms of what takes from a tenth of a millisecond to seconds, in seconds: few, since each is a line. */
export const LATENCY_SECONDS: number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
