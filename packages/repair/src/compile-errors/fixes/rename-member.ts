import { ts } from 'ts-morph';
import { nearestNames } from '../../locate/near-names.ts';
import { changeOf, putTyped, type TypeEdit, type TypeFix, type TypeSite } from '../type-fix.ts';

export const renameMember: TypeFix = {
  name: 'rename-member',
  prior: 0.9,
  source: 'TSSB-3M: other attribute 104K, wrong function name 134K; TypeFix (Peng et al., ICSE 2024)',
  codes: new Set([2339, 2551, 2353, 2561, 2550, 2568, 2570, 2576, 2741, 2739, 2420]),
  *propose(site): Generator<TypeEdit> {
    const { node, checker, error } = site;
    if (error.code === 2420 || error.code === 2739 || error.code === 2741) yield* asRequired(site);
    if (!ts.isIdentifier(node) && !ts.isPrivateIdentifier(node)) return;
    const owner = ownerType(node, checker);
    if (owner === undefined) return;
    const members = checker.getPropertiesOfType(checker.getNonNullableType(owner)).map(({ name }) => name);
    for (const [rank, name] of nearestNames(node.text, members).entries()) yield renamed(site, node, name, 1 - 0.12 * rank);
    // The declaration may be what is misspelt: then every use of it is in error.
    for (const [rank, declared] of declaredMembers(owner, checker, node.text).entries())
      yield putTyped(site, declared, node.text, 0.5 - 0.1 * rank);
    // A member of another name and the same shape.
    for (const name of members.filter((member) => /^[a-z]\w*$/i.test(member)).slice(0, 12)) yield renamed(site, node, name, 0.25);
  },
};

/** A class or an object literal that misses a member and has one of a like name. */
function* asRequired(site: TypeSite): Generator<TypeEdit> {
  const { node, checker } = site;
  const owner = ts.findAncestor(node, (one): one is ts.ClassLikeDeclaration => ts.isClassLike(one));
  for (const clause of owner?.heritageClauses ?? []) {
    for (const required of clause.types.flatMap((type) => checker.getPropertiesOfType(checker.getTypeAtLocation(type)))) {
      const members = (owner?.members ?? []).flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name] : []));
      if (members.some(({ text }) => text === required.name)) continue;
      for (const near of nearestNames(
        required.name,
        members.map(({ text }) => text),
        2,
      )) {
        const named = members.find(({ text }) => text === near);
        if (named !== undefined) yield putTyped(site, named, required.name, 0.9);
      }
    }
  }
}

/** In a pattern the local name stays: the code below uses it. */
function renamed(site: TypeSite, node: ts.Identifier | ts.PrivateIdentifier, name: string, naturalness: number): TypeEdit {
  const { parent } = node;
  const isShort = ts.isBindingElement(parent) ? parent.propertyName === undefined : ts.isShorthandPropertyAssignment(parent);
  if (!isShort) return putTyped(site, node, name, naturalness);
  const file = node.getSourceFile();
  return { changes: [changeOf(site.check, file, node.getStart(), node.getStart(), `${name}: `)], naturalness };
}

function ownerType(node: ts.Node, checker: ts.TypeChecker): ts.Type | undefined {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return checker.getTypeAtLocation(parent.expression);
  if (ts.isBindingElement(parent)) return checker.getTypeAtLocation(parent.parent);
  if (ts.isObjectLiteralElement(parent) && ts.isObjectLiteralExpression(parent.parent)) return checker.getContextualType(parent.parent);
  if (ts.isQualifiedName(parent)) return checker.getTypeAtLocation(parent.left);
  return undefined;
}

function declaredMembers(owner: ts.Type, checker: ts.TypeChecker, name: string): ts.Node[] {
  const members = new Map(checker.getPropertiesOfType(owner).map((property) => [property.name, property]));
  return nearestNames(name, members.keys(), 2).flatMap((near) =>
    (members.get(near)?.declarations ?? []).flatMap((declaration) => {
      const named = ts.getNameOfDeclaration(declaration);
      return named === undefined || declaration.getSourceFile().isDeclarationFile ? [] : [named];
    }),
  );
}
