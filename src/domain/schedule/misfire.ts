/** Misfire: what becomes of slots that nobody fired in time. */
export type Misfire = 'latest' | 'skip' | 'all';
export const MISFIRES = ['latest', 'skip', 'all'] as const satisfies readonly Misfire[];
