export { type Mutant, makeMutants } from './make-mutants.ts';
export { whyUnreached } from './why-unreached.ts';
