/** What one round brought: how many messages or events, and the median time until each had arrived. */
export type Figures = { units: number; p50Ms: number };
