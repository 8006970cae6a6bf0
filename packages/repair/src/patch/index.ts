export { applyEdits, changedPaths, type Files } from './apply-edits.ts';
export { checkSyntax } from './check-syntax.ts';
export { type Fault, syntaxFaults, TypeCheck } from './check-types.ts';
export { editsOfChanges } from './edits-of-changes.ts';
export { hashEdits } from './hash-edits.ts';
export { type Change, makeEdits, newFile } from './make-edits.ts';
export { unifiedDiff } from './unified-diff.ts';
