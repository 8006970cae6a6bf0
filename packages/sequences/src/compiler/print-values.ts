import { isLiteral, isPathOptions, isTemplate, SPREAD, TEMPLATE_PLACE } from '../interpreter/mapping.ts';
import { isPath, isRecord } from '../interpreter/path.ts';
import type { Condition, InputMapping } from '../interpreter/plan.ts';
import { array, call, key, literal, object, quote } from './print.ts';

/** The input of a handler or a sequence as an expression; `score` is the name of the score in reach. */
export function printInput(mapping: InputMapping | undefined, score: string): string {
  if (mapping === undefined) return `${score}.baton`;
  const entries = Object.entries(mapping).map(([name, source]) =>
    name === SPREAD ? printSpread(source, score) : `${key(name)}: ${printValue(source, score, name)}`,
  );
  return object(entries);
}

/** A mapped value as an expression; see `InputMapping` for the rules. */
export function printValue(source: unknown, score: string, name: string): string {
  if (isPath(source)) return `${score}.at(${quote(source)})`;
  if (Array.isArray(source)) return array(source.map((item, index) => printValue(item, score, `${name}[${index}]`)));
  if (!isRecord(source)) return literal(source);
  if (isLiteral(source)) return literal(source.value);
  if (isTemplate(source)) return printTemplate(source.template, score);
  if (isPathOptions(source)) {
    if (source.default !== undefined) return `${score}.at(${quote(source.path)}) ?? ${literal(source.default)}`;
    return source.required === true ? call(`${score}.required`, [quote(name), quote(source.path)]) : `${score}.at(${quote(source.path)})`;
  }
  return object(Object.entries(source).map(([inner, value]) => `${key(inner)}: ${printValue(value, score, `${name}.${inner}`)}`));
}

function printSpread(source: unknown, score: string): string {
  if (source === '$.baton') return `...${score}.baton`;
  const sources = Array.isArray(source) ? source : [source];
  return `...${call(
    `${score}.fields`,
    sources.map((each) => printValue(each, score, SPREAD)),
  )}`;
}

function printTemplate(template: string, score: string): string {
  const parts: string[] = [];
  let end = 0;
  for (const place of template.matchAll(TEMPLATE_PLACE)) {
    parts.push(escapeTemplate(template.slice(end, place.index)), `\${${score}.text(${quote(place[1] ?? '')})}`);
    end = place.index + place[0].length;
  }
  return end === 0 ? quote(template) : `\`${parts.join('')}${escapeTemplate(template.slice(end))}\``;
}

function escapeTemplate(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${').replaceAll('\r', '\\r');
}

/** A condition as an expression: `(field and every of and) or any of or`. */
export function printCondition(condition: Condition, score: string): string {
  if (condition.not) return `!(${printCondition(condition.not, score)})`;
  const { field, and = [], or = [] } = condition;
  const conjuncts = and.map((part) => printPart(part, score));
  if (field !== undefined) conjuncts.unshift(printComparison(condition, field, score));
  const both = conjuncts.join(' && ');
  if (or.length === 0) return both === '' ? 'true' : both;
  const first = conjuncts.length === 0 ? [] : [conjuncts.length === 1 ? both : `(${both})`];
  return [...first, ...or.map((part) => printPart(part, score))].join(' || ');
}

function printPart(condition: Condition, score: string): string {
  const expression = printCondition(condition, score);
  return isCompound(condition) ? `(${expression})` : expression;
}

function isCompound({ field, and = [], or = [], not }: Condition): boolean {
  if (not) return false;
  const parts = [...and, ...or];
  const count = parts.length + (field === undefined ? 0 : 1);
  return count > 1 || parts.some(isCompound);
}

function printComparison({ operator = 'eq', value }: Condition, field: string, score: string): string {
  const args = [quote(field), quote(operator)];
  const alone = value === undefined || (operator === 'exists' && value === null);
  return call(`${score}.is`, alone ? args : [...args, printValue(value, score, field)]);
}
