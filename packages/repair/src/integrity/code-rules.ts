import type { IntegrityViolation } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import { memberName, Names, TEST_MODULES } from './names.ts';
import { isCode, lineOf, normalised, parse, walk } from './parse.ts';
import type { PathKind } from './path-rules.ts';
import { replacementAt } from './replacements.ts';
import { awarenessAt } from './test-awareness.ts';

type Finding = Pick<IntegrityViolation, 'rule' | 'detail'> & { line: number; text: string };

const ENDS_PROCESS = new Set(['exit', 'reallyExit', 'abort', 'kill', 'exitCode', 'dlopen', 'binding']);
const UNCHECKED_MODULES = /^(node:)?(vm|child_process|worker_threads|module|inspector|repl|cluster)$/;
const HIDDEN_FROM_CHECKS =
  /\b(v8|c8|istanbul|node:coverage)\s+ignore\b|node:coverage disable|@ts-nocheck|@ts-ignore|eslint-disable|biome-ignore/;

/**
 * Code that a patch brings and that would make tests green, or escape checking, without mending anything. Only what the file did not
 * hold before counts.
 */
export function forgeries(path: string, kind: PathKind, before: string | undefined, after: string): IntegrityViolation[] {
  if (!isCode(path)) return [];
  const known = before === undefined ? [] : findings(path, kind, before).map((finding) => finding.text);
  return findings(path, kind, after)
    .filter((finding) => {
      const at = known.indexOf(finding.text);
      if (at >= 0) known.splice(at, 1);
      return at < 0;
    })
    .map(({ rule, detail, line }) => ({ rule, file: path, line, detail }));
}

function findings(path: string, kind: PathKind, text: string): Finding[] {
  const file = parse(path, text);
  const names = new Names(file);
  const found: Finding[] = [...hiddenPlaces(text)];
  for (const node of walk(file)) {
    const finding = inspect(node, kind, names);
    if (finding) found.push({ ...finding, line: lineOf(node), text: `${finding.rule} ${normalised(node)}` });
  }
  return found;
}

function hiddenPlaces(text: string): Finding[] {
  return text.split('\n').flatMap((line, index) => {
    if (!/\/\/|\/\*|\*/.test(line) || !HIDDEN_FROM_CHECKS.test(line)) return [];
    return [
      {
        rule: 'assertion-loosened' as const,
        detail: 'a comment hides code from the checks',
        line: index + 1,
        text: `hidden ${line.trim()}`,
      },
    ];
  });
}

function inspect(node: ts.Node, kind: PathKind, names: Names): Pick<Finding, 'rule' | 'detail'> | undefined {
  const replacement = replacementAt(node, names, kind === 'test');
  if (replacement !== undefined) return { rule: 'test-api-replaced', detail: replacement };
  const aware = kind === 'production' ? awarenessAt(node, names) : undefined;
  if (aware !== undefined) return { rule: 'test-api-replaced', detail: `behaves differently under test: ${aware}` };
  if (ts.isCallExpression(node)) return inspectCall(node, kind, names);
  if (ts.isNewExpression(node)) return names.pathOf(node.expression) === 'Function' ? unchecked('new Function') : undefined;
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) return inspectModule(node.moduleSpecifier.text, kind, node);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return inspectAccess(node, names);
  const isTakenApart = ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer;
  if (isTakenApart && names.pathOf(isTakenApart) === 'process') {
    const ends = node.name.elements.some(
      (element) => ENDS_PROCESS.has((element.propertyName ?? element.name).getText()) || element.dotDotDotToken,
    );
    return ends ? { rule: 'process-exit', detail: 'takes a function that ends the process' } : undefined;
  }
  return undefined;
}

function inspectCall(node: ts.CallExpression, kind: PathKind, names: Names): Pick<Finding, 'rule' | 'detail'> | undefined {
  const callee = names.pathOf(node.expression) ?? '';
  const [first] = node.arguments;
  const isText = first !== undefined && ts.isStringLiteralLike(first);
  if (/^((globalThis|global)\.)?eval$|^Function$/.test(callee)) return unchecked(callee);
  const isMaker = ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === 'constructor';
  if (isText && (isMaker || /^set(Timeout|Interval|Immediate)$/.test(callee))) return unchecked(normalised(node.expression));
  if (normalised(node.expression) === 'require' || node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return isText ? inspectModule(first.text, kind, node) : unchecked('a module whose name is computed');
  }
  if (/^process\.(emit|off|removeListener|removeAllListeners|setUncaughtExceptionCaptureCallback)$/.test(callee))
    return { rule: 'process-exit', detail: `${callee} decides how failures of the process are told` };
  if (/^process\.(on|once|prependListener|addListener)$/.test(callee) && isText) {
    const swallows = ['uncaughtException', 'unhandledRejection', 'exit', 'beforeExit', 'uncaughtExceptionMonitor'].includes(first.text);
    return swallows ? { rule: 'process-exit', detail: `listens to ${first.text} of the process` } : undefined;
  }
  const [, second] = node.arguments;
  const stopsExit = /\.(spyOn|stub|replace|method|replaceProperty)$/.test(callee) && first && names.pathOf(first) === 'process';
  return stopsExit && second && ts.isStringLiteralLike(second) && ENDS_PROCESS.has(second.text)
    ? { rule: 'process-exit', detail: `${callee} replaces process.${second.text}` }
    : undefined;
}

function inspectModule(name: string, kind: PathKind, node: ts.Node): Pick<Finding, 'rule' | 'detail'> | undefined {
  // A test may run the code in a process of its own, which the sandbox confines as well.
  const isOwnProcess = kind === 'test' && /child_process$/.test(name);
  if (UNCHECKED_MODULES.test(name) && !isOwnProcess) return unchecked(name);
  if (/^(node:)?process$/.test(name)) return { rule: 'process-exit', detail: `takes in ${name} under a name of its own` };
  const inProduction = kind === 'production' && ts.isImportDeclaration(node);
  return inProduction && TEST_MODULES.test(name) ? { rule: 'test-api-replaced', detail: `production code takes in ${name}` } : undefined;
}

function inspectAccess(
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  names: Names,
): Pick<Finding, 'rule' | 'detail'> | undefined {
  const name = memberName(node);
  const of = names.pathOf(node.expression);
  if (of === 'process' && (name === undefined || ENDS_PROCESS.has(name))) {
    return { rule: 'process-exit', detail: `uses process.${name ?? '[computed]'}` };
  }
  return undefined;
}

function unchecked(what: string): Pick<Finding, 'rule' | 'detail'> {
  return { rule: 'test-api-replaced', detail: `${what} runs code that cannot be checked` };
}
