import { type DocumentationCheck, type Handler, isSelfhealError } from '@selfheal/contracts';
import { applyEdits } from '@selfheal/repair';
import { checkDocComments } from './documentation/check-doc-comments.ts';
import { type CheckedPlace, checkMarkdown } from './documentation/check-markdown.ts';

type Files = Readonly<Record<string, string>>;

/**
 * validation.run, movement prove. Checks the documentation that the patch touches: links lead somewhere, examples parse, doc comments
 * name parameters that exist. Only what was in order before counts against the patch.
 * Reads: the patch and the sources of its base. Writes: nothing. Fails: never; edits that do not fit are applyPatch's to tell.
 */
export const validateDocumentation: Handler<'validateDocumentation'> = ({ patch, sources }) => {
  const after = patched(sources.files, patch.edits);
  const errors: string[] = [];
  let checked = 0;
  for (const file of patch.files) {
    const places = check(file, after);
    const before = new Set(check(file, sources.files).map(({ fault }) => fault));
    checked += places.length;
    errors.push(
      ...places.filter(({ fault }) => fault !== undefined && !before.has(fault)).map(({ line, fault }) => `${file}:${line}: ${fault}`),
    );
  }
  const documentation: DocumentationCheck = { valid: errors.length === 0, errors, checked };
  return { documentation };
};

function patched(files: Files, edits: Parameters<typeof applyEdits>[1]): Files {
  try {
    return applyEdits(files, edits);
  } catch (error) {
    if (!isSelfhealError(error)) throw error;
    return files;
  }
}

function check(file: string, files: Files): CheckedPlace[] {
  const text = files[file];
  if (text === undefined) return [];
  if (/\.mdx?$/.test(file)) return checkMarkdown(file, text, files);
  return /\.[cm]?[jt]sx?$/.test(file) ? checkDocComments(file, text) : [];
}
