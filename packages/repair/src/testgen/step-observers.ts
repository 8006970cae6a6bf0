import { type CallExpression, Node, SyntaxKind } from 'ts-morph';
import type { Argument } from './arguments.ts';
import { type Intake, intakesOf } from './flow-call.ts';
import type { CodeFunction } from './function-node.ts';
import { spiesOf } from './spies.ts';
import type { TestImport } from './test-plan.ts';
import type { TestStyle } from './test-style.ts';

/** How the steps of a flow show to a test: through what it is given, or through what it prints. */
export interface Observer {
  readonly kind: 'log' | 'calls' | 'console';
  /** What the setup takes in. */
  readonly imports: readonly TestImport[];
  /** Lines before the call, which may use `declared`, `seen` and `note(text)`. */
  readonly setup: readonly string[];
  /** Code in place of an intake; undefined where it keeps its own. */
  replaces(intake: Intake, own: Argument | undefined): string | undefined;
  around(call: string): readonly string[];
}

const LOG_NAME = /^(log|logger|events?|bus|emitter|tracer|telemetry|audit|journal)$/i;
const LOG_TYPE = /Log(ger)?\b|EventEmitter|EventBus|Tracer/;
const LOG_MEMBER = /^(info|warn|error|debug|trace|fatal|log|child|emit|write|record|event|track|publish|dispatch)$/;

/** The ways to see the steps, best first. `labels` are the names that a call of each step may have in code. */
export function observersOf(fn: CodeFunction, labels: readonly string[], style: TestStyle): Observer[] {
  const { ofObject, own } = intakesOf(fn);
  const intakes = [...ofObject, ...own];
  const loggers = intakes.filter(isLogger);
  const injected = new Set(injectedCalls(fn).map((call) => nameOfCall(call)));
  const callsSteps = labels.filter((label) => injected.has(label)).length > 1;
  return [
    ...(loggers.length > 0 ? [throughLog(loggers, style)] : []),
    ...(callsSteps ? [throughCalls(loggers, style)] : []),
    throughConsole(style),
  ];
}

function isLogger(intake: Intake): boolean {
  if (LOG_NAME.test(intake.name) || LOG_TYPE.test(intake.type)) return true;
  const name = intake.parameter.getNameNode();
  const fn = intake.parameter.getParentOrThrow();
  if (!Node.isIdentifier(name) || Node.isConstructorDeclaration(fn)) return false;
  const members = fn.getDescendantsOfKind(SyntaxKind.PropertyAccessExpression).flatMap((access) => {
    return access.getExpression().getText() === name.getText() ? [access.getName()] : [];
  });
  return members.length > 0 && members.every((member) => LOG_MEMBER.test(member));
}

/** Calls of what a function was given, or of what its object holds; not of imported functions. */
function injectedCalls(fn: CodeFunction): CallExpression[] {
  const imported = new Set(
    fn.node
      .getSourceFile()
      .getImportDeclarations()
      .flatMap((one) => importedNames(one.getText())),
  );
  return fn.node.getDescendantsOfKind(SyntaxKind.CallExpression).filter((call) => {
    const callee = call.getExpression();
    const root = /^(this\b|[A-Za-z_$][\w$]*)/.exec(callee.getText())?.[1];
    return root !== undefined && !imported.has(root) && (Node.isPropertyAccessExpression(callee) || isBoundWithin(callee, fn));
  });
}

function importedNames(statement: string): string[] {
  return statement.match(/[A-Za-z_$][\w$]*/g) ?? [];
}

function isBoundWithin(callee: Node, fn: CodeFunction): boolean {
  const [declaration] = callee.getSymbol()?.getDeclarations() ?? [];
  return (
    declaration !== undefined &&
    (Node.isParameterDeclaration(declaration) || Node.isBindingElement(declaration)) &&
    fn.node.containsRange(declaration.getPos(), declaration.getEnd())
  );
}

function nameOfCall(call: CallExpression): string {
  return call.getExpression().getText().split('.').at(-1) ?? '';
}

function throughLog(loggers: readonly Intake[], style: TestStyle): Observer {
  const { semicolon: end, indent } = style.code;
  const names = new Set(loggers.map((logger) => logger.name));
  const any = style.typescript ? ': unknown[]' : '';
  return {
    kind: 'log',
    imports: [],
    setup: [
      `const log${style.typescript ? ': never' : ''} = new Proxy(() => undefined, {`,
      `${indent}get: () => (...entry${any}) => {`,
      `${indent}${indent}note(JSON.stringify(entry))${end}`,
      `${indent}${indent}return log${end}`,
      `${indent}},`,
      `})${style.typescript ? ' as never' : ''}${end}`,
    ],
    replaces: (intake, arg) => (names.has(intake.name) ? 'log' : standInWhereNeeded(intake, arg, style)),
    around: (call) => [`${call}${end}`],
  };
}

/** Dependencies are real where the repository can make them, else stand-ins that answer anything; both tell which of them is called. */
function throughCalls(loggers: readonly Intake[], style: TestStyle): Observer {
  const { semicolon: end, indent, quote: q } = style.code;
  const t = (type: string) => (style.typescript ? `: ${type}` : '');
  const names = new Set(loggers.map((logger) => logger.name));
  const own = (name: string) => `${q}${name}${q}`;
  return {
    kind: 'calls',
    imports: [],
    setup: [
      `const recorded = (target${t('object')})${t('never')} =>`,
      `${indent}new Proxy(target, {`,
      `${indent}${indent}get: (holder, key) => {`,
      `${indent}${indent}${indent}const member = Reflect.get(holder, key)${end}`,
      `${indent}${indent}${indent}if (typeof member === ${own('object')} && member !== null) return recorded(member)${end}`,
      `${indent}${indent}${indent}if (typeof member !== ${own('function')}) return member${end}`,
      `${indent}${indent}${indent}return (...args${t('unknown[]')}) => {`,
      `${indent}${indent}${indent}${indent}note(JSON.stringify(String(key)))${end}`,
      `${indent}${indent}${indent}${indent}return member.apply(holder, args)${end}`,
      `${indent}${indent}${indent}}${end}`,
      `${indent}${indent}},`,
      `${indent}})${style.typescript ? ' as never' : ''}${end}`,
    ],
    replaces: (intake, arg) => {
      if (names.has(intake.name) || !arg) return standInFor(intake, style);
      if (arg.logged) return undefined;
      if (!isDependency(intake)) return undefined;
      return arg.imports.length > 0 ? `recorded(${arg.code})` : standInFor(intake, style);
    },
    around: (call) => [`${call}${end}`],
  };
}

/** A stand-in where the repository cannot make what is called there, nor did production log it. */
function standInWhereNeeded(intake: Intake, arg: Argument | undefined, style: TestStyle): string | undefined {
  if (arg && (arg.logged || arg.imports.length > 0)) return undefined;
  return isDependency(intake) ? standInFor(intake, style) : undefined;
}

function standInFor({ name }: Intake, { code }: TestStyle): string {
  return `standIn(${code.quote}${name}${code.quote})`;
}

/** Declares `standIn(name)`: something that answers any call and any member, and notes what is called. */
export function standInLines(style: TestStyle): string[] {
  const { semicolon: end, indent, quote: q } = style.code;
  const t = (type: string) => (style.typescript ? `: ${type}` : '');
  return [
    `const standIn = (name${t('string')})${t('never')} =>`,
    `${indent}new Proxy(() => undefined, {`,
    `${indent}${indent}get: (_, key) => (key === ${q}then${q} ? undefined : key === Symbol.toPrimitive ? () => 1 : standIn(String(key))),`,
    `${indent}${indent}apply: () => {`,
    `${indent}${indent}${indent}note(JSON.stringify(name))${end}`,
    `${indent}${indent}${indent}return standIn(name)${end}`,
    `${indent}${indent}},`,
    `${indent}})${style.typescript ? ' as never' : ''}${end}`,
  ];
}

/** Something is called on it. */
function isDependency({ parameter }: Intake): boolean {
  const fn = parameter.getParentOrThrow();
  const pattern = parameter.getNameNode();
  if (Node.isConstructorDeclaration(fn)) return true;
  const names = Node.isIdentifier(pattern) ? [pattern.getText()] : (pattern.getText().match(/[A-Za-z_$][\w$]*/g) ?? []);
  return fn.getDescendantsOfKind(SyntaxKind.CallExpression).some((call) => {
    const callee = call.getExpression().getText();
    return names.some((name) => callee === name || callee.startsWith(`${name}.`));
  });
}

function throughConsole(style: TestStyle): Observer {
  const { semicolon: end, indent, quote: q } = style.code;
  const typed = style.typescript ? ': unknown[]' : '';
  const spies = spiesOf(style);
  const say = `(...args${typed}) => note(args.map((arg) => (typeof arg === ${q}string${q} ? arg : JSON.stringify(arg))).join(${q} ${q}))`;
  const members = ['log', 'info'];
  return {
    kind: 'console',
    imports: spies.imports,
    setup: [`const say = ${say}${end}`, ...members.map((member) => `const ${member}Spy = ${spies.spy('console', member, 'say')}${end}`)],
    replaces: (intake, arg) => standInWhereNeeded(intake, arg, style),
    around: (call) => [
      'try {',
      `${indent}${call}${end}`,
      '} finally {',
      ...members.map((member) => `${indent}${spies.restore(`${member}Spy`)}`),
      '}',
    ],
  };
}
