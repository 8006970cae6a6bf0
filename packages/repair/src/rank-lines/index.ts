export { historyClues } from './history-clues.ts';
export { rankByClues } from './rank-by-clues.ts';
export { type LineError, rankByErrors } from './rank-by-errors.ts';
export { type LineTrial, rankByTrials } from './rank-by-trials.ts';
export { type LineRank, rankByShape, rankLines } from './rank-lines.ts';
