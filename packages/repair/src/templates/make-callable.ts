import type { FixTemplate } from '@selfheal/contracts';
import { distance } from 'fastest-levenshtein';
import { type CallExpression, Node } from 'ts-morph';
import { atEachSite, nodesAt, type Proposal, proposal, type Site } from './causes.ts';

const CATEGORIES = ['not-a-function'];

const ARRAY = Object.getOwnPropertyNames(Array.prototype);
const TEXT = Object.getOwnPropertyNames(String.prototype);
const COLLECTION = [...Object.getOwnPropertyNames(Map.prototype), ...Object.getOwnPropertyNames(Set.prototype)];
const NUMBER = Object.getOwnPropertyNames(Number.prototype);
const DATE = Object.getOwnPropertyNames(Date.prototype);
/** What other languages and older libraries call it. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  contains: ['includes', 'has'],
  size: ['size', 'length'],
  count: ['length'],
  add: ['push'],
  append: ['push', 'concat'],
  remove: ['delete'],
  each: ['forEach'],
  collect: ['map'],
  select: ['filter'],
  strip: ['trim'],
  upper: ['toUpperCase'],
  lower: ['toLowerCase'],
  flatten: ['flat'],
  first: ['at'],
  put: ['set'],
  isEmpty: ['length'],
};

/** Makes a call of something that is no function work: the property itself, the right method, the right kind of value, or no call. */
export const makeCallable: FixTemplate = {
  name: 'make-callable',
  categories: CATEGORIES,
  prior: 0.45,
  source: 'Wrong function name (134 K) and wrong caller (25 K) of TSSB-3M; call another method: 3.8 % of BugsJS',
  propose: atEachSite(CATEGORIES, (site) =>
    callsAt(site).flatMap((call) => [asProperty(site, call), ...otherMethods(site, call), ...converted(site, call), optional(site, call)]),
  ),
};

function callsAt(site: Site): CallExpression[] {
  const all = nodesAt(site, (node): node is CallExpression => Node.isCallExpression(node));
  const named = all.filter((call) => call.getExpression().getText() === site.data.expression);
  return (named.length > 0 ? named : all).slice(0, 2);
}

/** `list.length()` */
function asProperty(site: Site, call: CallExpression): Proposal | undefined {
  if (call.getArguments().length > 0) return undefined;
  const callee = call.getExpression();
  const isKnown =
    Node.isPropertyAccessExpression(callee) &&
    /^(length|size|name|message|status|statusCode|body|params|query|headers)$/.test(callee.getName());
  return proposal(site, call, [{ start: callee.getEnd(), end: call.getEnd(), text: '' }], {
    title: `Read ${callee.getText()} without calling it`,
    rationale: `\`${callee.getText()}\` is a value, not a function.`,
    naturalness: isKnown ? 0.9 : 0.45,
  });
}

function otherMethods(site: Site, call: CallExpression): Proposal[] {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return [];
  const wrong = callee.getName();
  const own = site.context.codebase.functions.map((one) => one.name.split('.').at(-1) ?? one.name);
  const known = [...new Set([...ARRAY, ...TEXT, ...COLLECTION, ...NUMBER, ...DATE, ...own])].filter((name) => name !== wrong);
  const near = known
    .map((name) => ({ name, away: distance(name.toLowerCase(), wrong.toLowerCase()) }))
    .filter(({ name, away }) => away <= Math.max(1, Math.floor(Math.min(name.length, wrong.length) / 3)))
    .sort((a, b) => a.away - b.away)
    .map(({ name }) => name);
  const names = [...(ALIASES[wrong] ?? []), ...near].slice(0, 4);
  return names.map((name, rank) => {
    const isValue = name === 'length' || name === 'size';
    const end = isValue ? call.getEnd() : callee.getEnd();
    return proposal(site, call, [{ start: callee.getNameNode().getStart(), end, text: name }], {
      title: `${isValue ? 'Read' : 'Call'} ${name} in place of ${wrong}`,
      rationale: `There is no \`${wrong}\`; here it is called \`${name}\`.`,
      naturalness: 0.8 * 0.85 ** rank,
    });
  });
}

/** The value is of another kind than the method needs: a Map or Set for a list, a number for a text. */
function converted(site: Site, call: CallExpression): Proposal[] {
  const callee = call.getExpression();
  if (!Node.isPropertyAccessExpression(callee)) return [];
  const receiver = callee.getExpression();
  const text = receiver.getText();
  const method = callee.getName();
  const forms: { code: string; weight: number }[] = [];
  if (ARRAY.includes(method) && !TEXT.includes(method))
    forms.push(
      { code: `[...${text}]`, weight: 0.6 },
      { code: `Object.values(${text})`, weight: 0.4 },
      { code: `Array.from(${text})`, weight: 0.35 },
      { code: `[${text}].flat()`, weight: 0.3 },
    );
  if (TEXT.includes(method) && !ARRAY.includes(method)) forms.push({ code: `String(${text})`, weight: 0.6 });
  if (NUMBER.includes(method) && /^to(Fixed|Precision|Exponential)$/.test(method)) forms.push({ code: `Number(${text})`, weight: 0.65 });
  if (DATE.includes(method) && !TEXT.includes(method) && /^(get|to|set)/.test(method))
    forms.push({ code: `new Date(${text})`, weight: 0.6 });
  return forms.map(({ code, weight }) =>
    proposal(site, call, [{ start: receiver.getStart(), end: receiver.getEnd(), text: code }], {
      title: `Make ${text.slice(0, 40)} what ${method} needs`,
      rationale: `\`${text.slice(0, 60)}\` has no \`${method}\`; \`${code.slice(0, 60)}\` has one.`,
      naturalness: weight,
    }),
  );
}

/** A callback that may be left out. */
function optional(site: Site, call: CallExpression): Proposal | undefined {
  const callee = call.getExpression();
  if (call.hasQuestionDotToken()) return undefined;
  const isHook = /(^|\.)(on[A-Z]\w*|callback|cb|done|next|hook|listener|handler)$/.test(callee.getText());
  return proposal(site, call, [{ start: callee.getEnd(), end: callee.getEnd(), text: '?.' }], {
    title: `Call ${callee.getText().slice(0, 40)} only where it is given`,
    rationale: `\`${callee.getText().slice(0, 60)}\` may be left out by the caller.`,
    naturalness: Node.isExpressionStatement(call.getParent()) ? (isHook ? 0.85 : 0.5) : 0.2,
  });
}
