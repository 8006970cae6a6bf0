import type { FixContext, FixTemplate } from '@selfheal/contracts';
import { type CallExpression, Node, type Statement } from 'ts-morph';
import { makeEdits } from '../patch/make-edits.ts';
import { asSentence } from './as-sentence.ts';
import { atEachSite, because, dataOf, numberValue, type Proposal, proposal, type Site, textValue } from './causes.ts';
import { withoutStatement } from './remove-step.ts';
import { isFunctionNode, statementAround } from './syntax-tree.ts';

const CATEGORIES = ['unexplained-wait', 'wrong-timing'];
const inCode = atEachSite(CATEGORIES, (site) => pausesAt(site).flatMap((pause) => withoutPause(site, pause)));

/** Takes out a pause that nothing declares: the whole statement, or its length; in a document, the declared wait. */
export const dropWait: FixTemplate = {
  name: 'drop-wait',
  categories: CATEGORIES,
  prior: 0.5,
  source: 'Fixed sleeps as a bug pattern: Luo et al., "An Empirical Analysis of Flaky Tests" (FSE 2014); statement deletion (GenProg)',
  propose: (context) => [...inCode(context), ...inDocuments(context)],
};

/** A call that pauses, and the expression of its length. */
interface Pause {
  readonly call: CallExpression;
  readonly length: Node;
}

const PAUSES = /^(setTimeout|sleep|delay|wait|pause|later|timeout|waitFor|sleepMs|setInterval)$/;

function pausesAt(site: Site): Pause[] {
  const line = numberValue(site.data.waitLine) ?? site.cause.location.line;
  const calls = site.source.getDescendants().filter(Node.isCallExpression);
  const { endLine = line } = site.cause.location;
  return calls
    .filter(
      (call) =>
        call.getStartLineNumber() >= Math.min(line, site.cause.location.line) && call.getStartLineNumber() <= Math.max(line, endLine),
    )
    .flatMap((call) => {
      const name = call.getExpression().getText().split('.').at(-1) ?? '';
      const args = call.getArguments();
      const length = name === 'setTimeout' && args.length > 1 && !isNumber(args[0]) ? args[1] : args[0];
      return PAUSES.test(name) && length && !isFunctionNode(length) ? [{ call, length }] : [];
    });
}

function isNumber(node: Node | undefined): boolean {
  return Node.isNumericLiteral(node);
}

function withoutPause(site: Site, { call, length }: Pause): Proposal[] {
  const statement = statementAround(outermost(call));
  const removal = statement && isPauseAlone(statement, call) ? withoutStatement(statement, site.text) : undefined;
  const removed = removal && statement ? [proposal(site, statement, removal, about(site, 0.9))] : [];
  const shortened =
    length.getText() === '0'
      ? []
      : [proposal(site, call, [{ start: length.getStart(), end: length.getEnd(), text: '0' }], about(site, 0.4))];
  return [...removed, ...calledAtOnce(site, call), ...shortened];
}

/** `new Promise((done) => setTimeout(done, 500))` around the call, where it stands in one. */
function outermost(call: CallExpression): Node {
  const promise = call.getFirstAncestor((node) => Node.isNewExpression(node) && node.getExpression().getText() === 'Promise');
  return promise && promise.getText().length < 160 ? promise : call;
}

/** The statement awaits the pause and does nothing else. */
function isPauseAlone(statement: Statement, call: CallExpression): boolean {
  if (!Node.isExpressionStatement(statement)) return false;
  const expression = statement.getExpression();
  const awaited = Node.isAwaitExpression(expression) ? expression.getExpression() : undefined;
  return awaited !== undefined && (awaited === call || awaited === outermost(call));
}

/** `setTimeout(() => next(order), 500)` becomes `next(order)`. */
function calledAtOnce(site: Site, call: CallExpression): Proposal[] {
  const [callback] = call.getArguments();
  const parent = call.getParent();
  if (!Node.isExpressionStatement(parent) || !callback || !Node.isArrowFunction(callback) || callback.getParameters().length > 0) return [];
  const body = callback.getBody();
  const code = Node.isBlock(body) ? undefined : body.getText();
  return code === undefined ? [] : [proposal(site, call, [{ start: call.getStart(), end: call.getEnd(), text: code }], about(site, 0.8))];
}

function about(site: Site, naturalness: number): { title: string; rationale: string; naturalness: number } {
  const ms = numberValue(site.data.ms);
  const flow = textValue(site.data.flow) ?? 'the flow';
  const pause = ms === undefined || ms === 0 ? 'a pause' : `a pause of ${ms} ms`;
  return {
    title: `Take ${pause} out of ${flow}`,
    rationale: `${because(site, 'the code waits without a declared reason')} No step of ${flow} needs the pause.`,
    naturalness,
  };
}

/** A declared wait: the timing of the other beats instead, or the member that declares it left out. */
function inDocuments(context: FixContext): Proposal[] {
  const { rootCause, alternatives } = context.analysis;
  return [rootCause, ...alternatives].flatMap((cause) => {
    const { file, line } = cause.location;
    const text = context.sources.files[file];
    if (!file.endsWith('.json') || text === undefined || !CATEGORIES.includes(cause.category)) return [];
    const timing = textValue(dataOf(context, cause).timing);
    const start =
      text
        .split('\n')
        .slice(0, line - 1)
        .join('\n').length + (line > 1 ? 1 : 0);
    const end = text.indexOf('}', start);
    const beat = text.slice(start, end);
    const usual = timing === undefined ? undefined : mostCommonTiming(text, timing);
    const changed =
      usual === undefined
        ? beat.replace(/,\s*"(waitMs|delayMs|delay|wait)"\s*:\s*[\d.]+/, '')
        : beat.replace(JSON.stringify(timing), JSON.stringify(usual));
    if (changed === beat) return [];
    return [
      {
        edits: makeEdits(file, text, [{ start, end, text: changed }]),
        title: `Declare no wait before ${textValue(dataOf(context, cause).step) ?? 'the step'}`,
        rationale: asSentence(cause.explanation === '' ? 'the document declares a wait that no step needs' : cause.explanation),
        location: cause.location,
        naturalness: 0.7,
      },
    ];
  });
}

function mostCommonTiming(text: string, except: string): string | undefined {
  const counts = new Map<string, number>();
  for (const [, timing = ''] of text.matchAll(/"timing"\s*:\s*"([^"]*)"/g))
    if (timing !== except) counts.set(timing, (counts.get(timing) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
