import { ts } from 'ts-morph';
import { changeOf, putTyped, type TypeEdit, type TypeFix, type TypeSite, widest } from '../type-fix.ts';
import { givenValue, isAny } from '../typed-values.ts';

export const changeDeclaration: TypeFix = {
  name: 'change-declaration',
  prior: 0.4,
  source: "BugsJS: change a method's declaration 3.5 %, change a field 3.3 %; TypeFix (Peng et al., ICSE 2024): type annotations",
  codes: new Set([2322, 2345, 2339, 2416, 2420, 2355, 2366, 2540, 2741, 2739, 2353, 1308, 1064, 2801, 2341, 2445, 4111, 2769, 2365]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker, error, check } = site;
    const given = givenValue(widest(node)) ?? (ts.isExpression(node) ? node : undefined);
    const type = given === undefined ? undefined : checker.getTypeAtLocation(given);
    for (const annotation of annotationsAt(site)) {
      const text = annotation.getText();
      if (type !== undefined && !isAny(type)) {
        const actual = checker.typeToString(checker.getBaseTypeOfLiteralType(type), annotation, ts.TypeFormatFlags.NoTruncation);
        if (!/\bany\b|\{ ?$|typeof/.test(actual))
          yield* [putTyped(site, annotation, actual, 0.5), putTyped(site, annotation, `${text} | ${actual}`, 0.4)];
      }
      for (const more of ['undefined', 'null']) yield putTyped(site, annotation, `${text} | ${more}`, 0.35);
      yield putTyped(site, annotation, /^Promise</.test(text) ? text.slice(8, -1) : `Promise<${text}>`, 0.5);
      yield putTyped(site, annotation, text.endsWith('[]') ? text.slice(0, -2) : `${text}[]`, 0.5);
    }
    for (const [written, text] of typesBehind(site)) yield putTyped(site, written, text, 0.45);
    // What may not be written or reached from here: the modifier.
    const symbol = checker.getSymbolAtLocation(node);
    for (const declaration of symbol?.declarations ?? []) {
      if (declaration.getSourceFile().isDeclarationFile || !ts.canHaveModifiers(declaration)) continue;
      for (const modifier of ts.getModifiers(declaration) ?? []) {
        const isInTheWay =
          error.code === 2540 ? modifier.kind === ts.SyntaxKind.ReadonlyKeyword : /^(private|protected)$/.test(modifier.getText());
        const end = modifier.end + (/^\s*/.exec(declaration.getSourceFile().text.slice(modifier.end))?.[0].length ?? 0);
        if (isInTheWay) yield { changes: [changeOf(check, declaration.getSourceFile(), modifier.getStart(), end, '')], naturalness: 0.5 };
      }
    }
  },
};

/** Annotations that the value at the place is held against: of its variable, of what its function returns, of the parameter or member named. */
function annotationsAt({ node, checker, error, check }: TypeSite): ts.TypeNode[] {
  const found = new Set<ts.TypeNode>();
  const declared = ts.findAncestor(node, (one) => ts.isVariableDeclaration(one) || ts.isPropertyDeclaration(one) || ts.isFunctionLike(one));
  if (declared !== undefined && 'type' in declared && declared.type !== undefined && ts.isTypeNode(declared.type)) found.add(declared.type);
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  if (owner?.type !== undefined) found.add(owner.type);
  const call = ts.findAncestor(node, ts.isCallExpression);
  const index = call?.arguments.findIndex((argument) => argument.pos <= node.pos && node.end <= argument.end) ?? -1;
  const parameter = call === undefined || index < 0 ? undefined : checker.getResolvedSignature(call)?.declaration?.parameters[index];
  if (parameter !== undefined && ts.isParameter(parameter) && parameter.type !== undefined) found.add(parameter.type);
  for (const { file, start } of error.related) {
    const source = check.program.getSourceFile(file);
    const member =
      source === undefined
        ? undefined
        : ts.findAncestor(tokenAt(source, start), (one) => ts.isPropertySignature(one) || ts.isParameter(one));
    if (member !== undefined && (ts.isPropertySignature(member) || ts.isParameter(member)) && member.type !== undefined)
      found.add(member.type);
  }
  return [...found].filter((annotation) => !annotation.getSourceFile().isDeclarationFile);
}

const MOST_WRITTEN = 40;

/** Types written where the variables of the statement are declared (`new Map<string, string>()`), each with others that may be meant. */
function typesBehind({ node, checker, file }: TypeSite): [ts.TypeNode, string][] {
  const statement = ts.findAncestor(node, ts.isStatement) ?? node;
  const written = new Set<ts.TypeNode>();
  const collect = (one: ts.Node): void => {
    if (ts.isTypeNode(one)) written.add(one);
    if (!ts.isFunctionLike(one)) ts.forEachChild(one, collect);
  };
  const visit = (one: ts.Node): void => {
    const declared = ts.isIdentifier(one) ? checker.getSymbolAtLocation(one)?.valueDeclaration : undefined;
    if (declared !== undefined && declared.getSourceFile() === file && ts.isVariableDeclaration(declared)) collect(declared);
    ts.forEachChild(one, visit);
  };
  visit(statement);
  const owner = ts.findAncestor(node, ts.isFunctionLike);
  const known = new Set<string>();
  const gather = (one: ts.Node): void => {
    if (ts.isTypeNode(one)) known.add(one.getText());
    ts.forEachChild(one, gather);
  };
  if (owner !== undefined) gather(owner);
  return [...written]
    .flatMap((one): [ts.TypeNode, string][] => {
      const now = one.getText();
      const others = [`${now}[]`, now.replace(/\[\]$/, ''), `${now} | undefined`, ...known];
      return [...new Set(others)].filter((text) => text !== now && text !== 'any').map((text) => [one, text]);
    })
    .slice(0, MOST_WRITTEN);
}

function tokenAt(file: ts.SourceFile, start: number): ts.Node {
  let at: ts.Node = file;
  for (;;) {
    const inner: ts.Node | undefined = ts.forEachChild(at, (child) =>
      child.getStart(file) <= start && start < child.end ? child : undefined,
    );
    if (inner === undefined) return at;
    at = inner;
  }
}
