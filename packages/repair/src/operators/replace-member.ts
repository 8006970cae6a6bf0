import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';

/** Members that do nearly the same, or its opposite. */
const SIBLINGS: readonly (readonly string[])[] = [
  ['floor', 'ceil', 'round', 'trunc'],
  ['max', 'min'],
  ['abs', 'sign', 'sqrt', 'cbrt', 'pow'],
  ['log', 'log2', 'log10'],
  ['push', 'unshift', 'concat'],
  ['pop', 'shift'],
  ['slice', 'splice', 'substring', 'substr'],
  ['map', 'filter', 'forEach', 'flatMap'],
  ['find', 'findLast', 'filter', 'findIndex'],
  ['some', 'every'],
  ['reduce', 'reduceRight'],
  ['indexOf', 'lastIndexOf', 'includes', 'search', 'findIndex'],
  ['startsWith', 'endsWith', 'includes'],
  ['toUpperCase', 'toLowerCase'],
  ['trim', 'trimStart', 'trimEnd'],
  ['padStart', 'padEnd'],
  ['keys', 'values', 'entries'],
  ['add', 'delete', 'has'],
  ['get', 'has', 'set'],
  ['replace', 'replaceAll'],
  ['charAt', 'charCodeAt', 'codePointAt', 'at'],
  ['isInteger', 'isFinite', 'isNaN', 'isSafeInteger'],
  ['parseInt', 'parseFloat'],
  ['match', 'matchAll', 'test', 'exec'],
  ['sort', 'reverse', 'toSorted', 'toReversed'],
  ['all', 'allSettled', 'race', 'any'],
  ['call', 'apply', 'bind'],
  ['getDate', 'getDay', 'getMonth', 'getFullYear', 'getHours', 'getMinutes', 'getUTCDate', 'getUTCDay'],
  ['length', 'size'],
  ['assign', 'freeze', 'keys'],
];

export const replaceMember: RepairOperator = {
  name: 'replace-member',
  prior: 0.6,
  source: 'TSSB-3M: wrong function name 134K, other attribute 104K; BugsJS: call another method 3.8 %; HumanEvalFix-JS: function misuse 8',
  propose({ node, hints }): OperatorEdit[] {
    if (ts.isIdentifier(node) && ts.isCallExpression(node.parent) && /^parse(Int|Float)$/.test(node.text)) {
      return [put(node, node.text === 'parseInt' ? 'parseFloat' : 'parseInt', 0.8), put(node, 'Number', 0.8)];
    }
    if (!ts.isPropertyAccessExpression(node)) return [];
    const { name } = node;
    const alike = new Set(SIBLINGS.filter((family) => family.includes(name.text)).flat());
    const inFile = hints.methods.filter((other) => !alike.has(other));
    alike.delete(name.text);
    return [
      ...[...alike].map((other) => put(name, other, 0.8)),
      ...inFile.filter((other) => other !== name.text).map((other) => put(name, other, 0.25)),
    ];
  },
};
