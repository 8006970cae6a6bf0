import { addCondition } from './add-condition.ts';
import { addElse } from './add-else.ts';
import { adjustLiteral } from './adjust-literal.ts';
import { changeArguments } from './change-arguments.ts';
import { changeReturn } from './change-return.ts';
import { copyExpression } from './copy-expression.ts';
import { copyStatement } from './copy-statement.ts';
import { defaultMissing } from './default-missing.ts';
import { deleteStatement } from './delete-statement.ts';
import { dropOperand } from './drop-operand.ts';
import { insertAwait } from './insert-await.ts';
import { insertGuard } from './insert-guard.ts';
import { keepResult } from './keep-result.ts';
import { moveStatement } from './move-statement.ts';
import { negateCondition } from './negate-condition.ts';
import type { RepairOperator } from './operator.ts';
import { replaceIdentifier } from './replace-identifier.ts';
import { replaceMember } from './replace-member.ts';
import { restoreArrow } from './restore-arrow.ts';
import { shiftByOne } from './shift-by-one.ts';
import { swapOperands } from './swap-operands.ts';
import { swapOperator } from './swap-operator.ts';
import { unwrapCall } from './unwrap-call.ts';
import { wrapExpression } from './wrap-expression.ts';

/** The kinds of edit that the search tries, by how often published fixes are of their kind. */
export const repairOperators: readonly RepairOperator[] = [
  swapOperator,
  adjustLiteral,
  replaceIdentifier,
  dropOperand,
  replaceMember,
  shiftByOne,
  changeArguments,
  wrapExpression,
  negateCondition,
  unwrapCall,
  changeReturn,
  swapOperands,
  keepResult,
  restoreArrow,
  insertAwait,
  defaultMissing,
  deleteStatement,
  moveStatement,
  addCondition,
  copyExpression,
  insertGuard,
  copyStatement,
  addElse,
];
