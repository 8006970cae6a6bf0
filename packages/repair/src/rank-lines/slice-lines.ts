import { ts } from 'ts-morph';

/** A statement's head, or a declaration: what it writes and reads, and what decides whether it runs. */
interface Step {
  readonly node: ts.Node;
  /** What of it runs when it is reached. */
  readonly parts: readonly ts.Node[];
  readonly writes: ReadonlySet<string>;
  readonly reads: ReadonlySet<string>;
  readonly within: readonly Step[];
}

const MUTATING = /^(push|pop|shift|unshift|splice|sort|reverse|fill|set|add|delete|clear|copyWithin|append)$/;

/**
 * Lines on which what a function gave depends, of those that ran: the values of its returns and throws and what it writes elsewhere,
 * followed backwards over variables and over the conditions that led there. This is the dynamic slice as a restriction of the static
 * dependences to what ran (Agrawal and Horgan, "Dynamic program slicing", PLDI 1990, first approach), by name in a function. What did not
 * run, but would have changed a value had a condition held, brings that condition in (relevant slices: Gyimóthy, Beszédes and Forgács,
 * ESEC/FSE 1999): a loop that never returned is why nothing was returned.
 */
export function sliceLines(file: ts.SourceFile, ran: ReadonlySet<number>): Set<number> {
  const steps = stepsOf(file);
  const linesOf = new Map(steps.map((step) => [step, ownLines(file, step).filter((line) => ran.has(line))]));
  const hasRun = (step: Step): boolean => (linesOf.get(step)?.length ?? 0) > 0;
  const own = declaredNames(file);
  const kept = new Set<Step>();
  const wanted = new Set<string>();
  const matters = ({ node, writes, within }: Step): boolean =>
    isResult(node) ||
    [...writes].some((name) => wanted.has(name) || !own.has(name)) ||
    (isJump(node) && within.some((around) => kept.has(around) && ts.isIterationStatement(around.node, false)));
  for (let before = -1; before !== kept.size + wanted.size; ) {
    before = kept.size + wanted.size;
    for (const step of steps.filter(matters)) {
      for (const one of [...step.within, step]) if (hasRun(one)) kept.add(one);
    }
    for (const { reads } of kept) for (const name of reads) wanted.add(name);
  }
  return new Set([...kept].flatMap((step) => linesOf.get(step) ?? []));
}

/** What is written to any other name is seen by someone else: a parameter, `this`, a global. */
function declaredNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node)) for (const name of boundNames(node.name)) names.add(name);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return names;
}

function isJump(node: ts.Node): boolean {
  return ts.isBreakStatement(node) || ts.isContinueStatement(node);
}

function isResult(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || ts.isThrowStatement(node) || isValueOfArrow(node) || ts.isYieldExpression(node);
}

/** `(x) => x + 1` returns what stands there. */
function isValueOfArrow(node: ts.Node): boolean {
  return !ts.isSourceFile(node) && ts.isArrowFunction(node.parent) && node.parent.body === node && !ts.isBlock(node);
}

function stepsOf(file: ts.SourceFile): Step[] {
  const found: Step[] = [];
  const visit = (node: ts.Node, within: readonly Step[]): void => {
    const step = stepOf(node, within);
    if (step !== undefined) found.push(step);
    const around = step !== undefined && decides(node) ? [...within, step] : within;
    // Whether a function runs is decided by who calls it.
    const inner = ts.isFunctionLike(node) ? [] : around;
    ts.forEachChild(node, (child) => visit(child, inner));
  };
  visit(file, []);
  return found;
}

function stepOf(node: ts.Node, within: readonly Step[]): Step | undefined {
  const parts = partsOf(node);
  if (parts === undefined) return undefined;
  const writes = new Set<string>();
  const reads = new Set<string>();
  for (const part of parts) collect(part, writes, reads);
  return { node, parts, writes, reads, within };
}

/** Where its parts stand; of one without, where it begins. */
function ownLines(file: ts.SourceFile, { node, parts }: Step): number[] {
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line + 1;
  const lines = new Set([lineOf(node.getStart(file))]);
  for (const part of parts) {
    // A callback's statements are steps of their own.
    const end = containsBlock(part) ? part.getStart(file) : part.getEnd();
    for (let line = lineOf(part.getStart(file)); line <= lineOf(end); line += 1) lines.add(line);
  }
  return [...lines];
}

function containsBlock(node: ts.Node): boolean {
  return ts.isBlock(node) || ts.forEachChild(node, (child) => containsBlock(child) || undefined) === true;
}

/** What of a statement runs when it is reached; undefined for what is no step. Bodies are steps of their own. */
function partsOf(node: ts.Node): ts.Node[] | undefined {
  const present = (...nodes: (ts.Node | undefined)[]): ts.Node[] => nodes.filter((one) => one !== undefined);
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isSwitchStatement(node)) return [node.expression];
  if (ts.isForStatement(node)) return present(node.initializer, node.condition, node.incrementor);
  if (ts.isForOfStatement(node) || ts.isForInStatement(node)) return [node.initializer, node.expression];
  if (ts.isCaseClause(node)) return [node.expression];
  if (ts.isReturnStatement(node) || ts.isThrowStatement(node) || ts.isExpressionStatement(node)) return present(node.expression);
  if (ts.isVariableStatement(node)) return [...node.declarationList.declarations];
  if (isJump(node)) return [];
  return isValueOfArrow(node) ? [node] : undefined;
}

function decides(node: ts.Node): boolean {
  return ts.isIfStatement(node) || ts.isIterationStatement(node, false) || ts.isSwitchStatement(node) || ts.isCaseClause(node);
}

/** Names read and written; of what is written to a property or element, the name of its owner. */
function collect(node: ts.Node, writes: Set<string>, reads: Set<string>): void {
  if (ts.isFunctionLike(node) && ts.isBlock(bodyOf(node) ?? node)) {
    // A callback's statements are steps of their own; what they lead to is part of the call.
    ts.forEachChild(node, (child) => collectNames(child, reads));
    return;
  }
  if (ts.isVariableDeclaration(node)) {
    for (const name of boundNames(node.name)) writes.add(name);
    if (node.initializer !== undefined) collect(node.initializer, writes, reads);
    // That it is bound anew in each pass of a loop depends on what is gone over.
    return;
  }
  if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) writeTo(node.left, writes);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) writeTo(node.operand, writes);
  }
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && MUTATING.test(node.expression.name.text))
    writeTo(node.expression.expression, writes);
  if (ts.isIdentifier(node)) reads.add(node.text);
  ts.forEachChild(node, (child) => collect(child, writes, reads));
}

function collectNames(node: ts.Node, reads: Set<string>): void {
  if (ts.isIdentifier(node)) reads.add(node.text);
  ts.forEachChild(node, (child) => collectNames(child, reads));
}

function writeTo(target: ts.Node, writes: Set<string>): void {
  if (ts.isIdentifier(target)) writes.add(target.text);
  else if (ts.isPropertyAccessExpression(target) || ts.isElementAccessExpression(target)) {
    const [root = ''] = /^[\w$]+/.exec(target.getText()) ?? [];
    writes.add(root);
  } else if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)) collectNames(target, writes);
}

function bodyOf(node: ts.Node): ts.Node | undefined {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isFunctionDeclaration(node) ? node.body : undefined;
}

function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function boundNames(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}
