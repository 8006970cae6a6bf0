import { ts } from 'ts-morph';
import { gatherHints } from '../../operators/hints.ts';
import { repairOperators } from '../../operators/index.ts';
import { namesAt } from '../../repair-search/names-at.ts';
import type { TypeEdit, TypeFix } from '../type-fix.ts';

/** The least natural edits are many and hardly ever meant; each costs a check. */
const LEAST = 0.2;
const MOST = 150;
/** What is not there is not in error: leaving code out answers a message, hardly ever the fault. */
const LEAVES_OUT = new Set(['drop-operand', 'unwrap-call', 'delete-statement']);

export const editByOperator: TypeFix = {
  name: 'edit-by-operator',
  prior: 0.6,
  source: 'the edits that the search makes of suspicious lines, pruned by type (Xin and Reiss, ASE 2017; Le Goues et al., 2012)',
  *propose({ node, file, error }): Generator<TypeEdit> {
    const statement = ts.findAncestor(node, (one) => ts.isStatement(one) && !ts.isBlock(one)) ?? node;
    const scope = ts.findAncestor(node, (one) => ts.isFunctionLike(one)) ?? file;
    const hints = gatherHints(scope, []);
    const edits: TypeEdit[] = [];
    const visit = (one: ts.Node): void => {
      const line = file.getLineAndCharacterOfPosition(one.getStart(file)).line + 1;
      if (line === error.line) {
        for (const { name, prior, propose } of repairOperators) {
          const worth = LEAVES_OUT.has(name) ? 0.4 : 1;
          for (const { changes, naturalness } of propose({ node: one, file, names: namesAt(one), hints }))
            if (prior * naturalness >= LEAST)
              edits.push({ changes: changes.map((change) => ({ file: error.file, ...change })), naturalness: worth * prior * naturalness });
        }
      }
      ts.forEachChild(one, visit);
    };
    visit(statement);
    yield* edits.sort((a, b) => b.naturalness - a.naturalness).slice(0, MOST);
  },
};
