export { type Mutant, makeMutants } from './make-mutants.ts';
export { negateAssertions } from './negate-assertions.ts';
export { whyUnreached } from './why-unreached.ts';
