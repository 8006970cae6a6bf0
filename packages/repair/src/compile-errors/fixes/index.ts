import type { TypeFix } from '../type-fix.ts';
import { addProperties } from './add-properties.ts';
import { awaitPromises } from './await-promises.ts';
import { changeDeclaration } from './change-declaration.ts';
import { compilerFix } from './compiler-fix.ts';
import { completeReturn } from './complete-return.ts';
import { convertValue } from './convert-value.ts';
import { correctPath } from './correct-path.ts';
import { editByOperator } from './edit-by-operator.ts';
import { fitArguments } from './fit-arguments.ts';
import { narrowNull } from './narrow-null.ts';
import { renameIdentifier } from './rename-identifier.ts';
import { renameMember } from './rename-member.ts';

/** The kinds of edit that answer compile errors, by how often they are what was meant. */
export const typeFixes: readonly TypeFix[] = [
  compilerFix,
  renameMember,
  renameIdentifier,
  correctPath,
  awaitPromises,
  fitArguments,
  addProperties,
  narrowNull,
  convertValue,
  completeReturn,
  editByOperator,
  changeDeclaration,
];
