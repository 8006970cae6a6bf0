import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

export const insertAwait: RepairOperator = {
  name: 'insert-await',
  prior: 0.5,
  source: 'Template order (1) of the notes; missing await is the commonest asynchronous fault of Node projects (Wang et al., ASE 2017)',
  propose({ node }): OperatorEdit[] {
    if (ts.isAwaitExpression(node)) return [put(node, node.expression.getText(), 0.2)];
    if (!ts.isCallExpression(node) || ts.isAwaitExpression(node.parent)) return [];
    const owner = ts.findAncestor(node, (one) => ts.isFunctionLike(one));
    const asynchronous =
      owner !== undefined && ts.canHaveModifiers(owner) && ts.getModifiers(owner)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
    if (!asynchronous) return [];
    return [put(node, ts.isPropertyAccessExpression(node.parent) ? `(await ${node.getText()})` : `await ${node.getText()}`, 0.8)];
  },
};
