export { LiteralAutomaton, type LiteralHits } from './literal-automaton.ts';
export { openRedaction } from './open-redaction.ts';
export { Placeholders, placeholderKey } from './placeholder.ts';
export { Redactor } from './redactor.ts';
export { sensitiveKey } from './sensitive-keys.ts';
