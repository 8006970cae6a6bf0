export { binomialTail, fisherGreater } from './count-tests.ts';
export { holmAdjust } from './holm.ts';
export { mannWhitney, type RankTest } from './mann-whitney.ts';
export { normalTail } from './normal-tail.ts';
