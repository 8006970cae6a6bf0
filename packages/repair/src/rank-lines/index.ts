export { type LineTrial, rankByTrials } from './rank-by-trials.ts';
export { type LineRank, rankLines } from './rank-lines.ts';
