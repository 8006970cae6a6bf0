import { ts } from 'ts-morph';
import { type OperatorEdit, put, type RepairOperator } from './operator.ts';
import { isCondition, isValue, type Kind, kindOf, operand } from './places.ts';

const ANY: readonly Kind[] = ['number', 'string', 'array', 'unknown'];

/** What an expression may be wrapped in; `x` stands for it. */
const WRAPPERS: readonly { readonly kinds: readonly Kind[]; readonly text: (x: string) => string; readonly weight: number }[] = [
  { kinds: ['number', 'unknown'], text: (x) => `Math.abs(${x})`, weight: 0.9 },
  { kinds: ['number', 'unknown'], text: (x) => `Math.floor(${x})`, weight: 0.8 },
  { kinds: ['number', 'unknown'], text: (x) => `Math.ceil(${x})`, weight: 0.5 },
  { kinds: ['number', 'unknown'], text: (x) => `Math.round(${x})`, weight: 0.5 },
  { kinds: ['number', 'unknown'], text: (x) => `Math.trunc(${x})`, weight: 0.3 },
  { kinds: ['number', 'unknown'], text: (x) => `Math.sqrt(${x})`, weight: 0.2 },
  { kinds: ['number', 'unknown'], text: (x) => `-${x}`, weight: 0.3 },
  { kinds: ['number', 'unknown'], text: (x) => `${x} ** 2`, weight: 0.2 },
  { kinds: ['number', 'unknown'], text: (x) => `${x}.toString()`, weight: 0.3 },
  { kinds: ['string', 'unknown'], text: (x) => `Number(${x})`, weight: 0.5 },
  { kinds: ['string', 'unknown'], text: (x) => `parseInt(${x})`, weight: 0.3 },
  { kinds: ANY, text: (x) => `String(${x})`, weight: 0.4 },
  { kinds: ['string', 'unknown'], text: (x) => `${x}.toLowerCase()`, weight: 0.7 },
  { kinds: ['string', 'unknown'], text: (x) => `${x}.toUpperCase()`, weight: 0.4 },
  { kinds: ['string', 'unknown'], text: (x) => `${x}.trim()`, weight: 0.4 },
  { kinds: ['string', 'unknown'], text: (x) => `${x}.charCodeAt(0)`, weight: 0.3 },
  { kinds: ['string', 'unknown'], text: (x) => `${x}.split('')`, weight: 0.3 },
  { kinds: ['string', 'unknown'], text: (x) => `[...${x}].reverse().join('')`, weight: 0.2 },
  { kinds: ['array', 'string', 'unknown'], text: (x) => `[...${x}]`, weight: 0.5 },
  { kinds: ['array', 'string', 'unknown'], text: (x) => `${x}.length`, weight: 0.5 },
  { kinds: ['array', 'unknown'], text: (x) => `[...new Set(${x})]`, weight: 0.5 },
  { kinds: ['array', 'unknown'], text: (x) => `new Set(${x})`, weight: 0.3 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.sort()`, weight: 0.5 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.sort((a, b) => a - b)`, weight: 0.5 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.reverse()`, weight: 0.4 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.slice(1)`, weight: 0.4 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.slice(0, -1)`, weight: 0.3 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.join('')`, weight: 0.3 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.flat()`, weight: 0.2 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}.filter(Boolean)`, weight: 0.2 },
  { kinds: ['array', 'unknown'], text: (x) => `${x}[0]`, weight: 0.2 },
  { kinds: ANY, text: (x) => `[${x}]`, weight: 0.15 },
];

export const wrapExpression: RepairOperator = {
  name: 'wrap-expression',
  prior: 0.55,
  source: 'HumanEvalFix-JS: insert >= 5 tokens (wrap in a call) 15.2 %; TSSB-3M: wrap in a function 117K, add method call 60K',
  propose({ node }): OperatorEdit[] {
    if (!isValue(node) || ts.isLiteralExpression(node) || isCondition(node) || node.getText().length > 80) return [];
    const kind = kindOf(node);
    if (kind === 'boolean' || kind === 'function') return [];
    const doubt = kind === 'unknown' ? 0.7 : 1;
    return WRAPPERS.filter(({ kinds }) => kinds.includes(kind)).map(({ text, weight }) =>
      put(
        node,
        text(text('x').startsWith('x') || text('x').startsWith('-') || text('x').includes('...x') ? operand(node) : node.getText()),
        weight * doubt,
      ),
    );
  },
};
