import type { TextChange } from '@selfheal/contracts';
import { ts } from 'ts-morph';
import type { TypeEdit, TypeFix } from '../type-fix.ts';

/** How often the fix is what was meant; those that are not named are worth little, and what only hides the error nothing. */
const WEIGHTS: Readonly<Record<string, number>> = {
  spelling: 1,
  import: 0.95,
  addMissingAwait: 0.85,
  addMissingAwaitToInitializer: 0.95,
  fixAwaitInSyncFunction: 0.95,
  forgottenThisPropertyAccess: 0.9,
  addMissingNewOperator: 0.9,
  fixImportNonExportedMember: 0.85,
  fixExpectedComma: 0.9,
  fixPropertyAssignment: 0.9,
  fixNaNEquality: 0.9,
  fixConvertConstToLet: 0.8,
  returnValueCorrect: 0.85,
  addMissingConst: 0.7,
  constructorForDerivedNeedSuperCall: 0.8,
  classSuperMustPrecedeThisAccess: 0.8,
  extendsInterfaceBecomesImplements: 0.8,
  fixReturnTypeInAsyncFunction: 0.7,
  fixOverrideModifier: 0.8,
  convertToTypeOnlyImport: 0.8,
  useBigintLiteral: 0.7,
  addVoidToPromise: 0.6,
  fixMissingProperties: 0.5,
  addOptionalPropertyUndefined: 0.4,
  fixUnusedIdentifier: 0.5,
  fixMissingMember: 0.15,
  fixMissingFunctionDeclaration: 0.1,
};
const OTHERS = 0.25;
const HIDES = /@ts-(ignore|expect-error|nocheck)|\bas (any|unknown|never)\b|:\s*any\b|\bnot implemented\b|\[x: string\]/i;
const NEVER = new Set([
  'disableJsDiagnostics',
  'addConvertToUnknownForNonOverlappingTypes',
  'fixEnableJsxFlag',
  'fixModuleAndTargetOptions',
]);

export const compilerFix: TypeFix = {
  name: 'compiler-fix',
  prior: 1,
  source:
    "the compiler's own code fixes (getCodeFixesAtPosition); they need no search: template order of TBar and TypeFix for static errors",
  *propose({ error, file, check }): Generator<TypeEdit> {
    const style = ts.getDefaultFormatCodeSettings();
    const format = { ...style, indentSize: indentOf(file.text), semicolons: ts.SemicolonPreference.Ignore };
    for (const { fixName, changes } of codeFixes(() =>
      check.service.getCodeFixesAtPosition(file.fileName, error.start, error.end, [error.code], format, {}),
    )) {
      if (NEVER.has(fixName)) continue;
      const texts = changes.flatMap(({ fileName, isNewFile, textChanges }) =>
        isNewFile === true
          ? []
          : textChanges.map(
              ({ span, newText }): TextChange => ({
                file: fileName.slice(check.root.length + 1),
                start: span.start,
                end: span.start + span.length,
                text: newText,
              }),
            ),
      );
      const hides = texts.some(({ text }) => HIDES.test(text)) || assertsAway(texts);
      if (texts.length > 0 && !hides) yield { changes: texts, naturalness: WEIGHTS[fixName] ?? OTHERS };
    }
  },
};

/** The compiler's fixes are written for programs in an editor: on odd input some throw. */
function codeFixes(ask: () => readonly ts.CodeFixAction[]): readonly ts.CodeFixAction[] {
  try {
    return ask();
  } catch {
    return [];
  }
}

/** `x!` in place of a check. */
function assertsAway(changes: readonly TextChange[]): boolean {
  return changes.every(({ text }) => text === '!' || /^[\w.]+!$/.test(text));
}

function indentOf(text: string): number {
  return /^( +)\S/m.exec(text)?.[1]?.length ?? 2;
}
