const MARKER =
  /\b(?:deploy(?:ed|ing|ment)?|releas(?:e|ed|ing)|roll(?:ed|ing) out|upgrad(?:ed|ing) to|running version|app version|build)\b[^\n]{0,60}?\b(v?\d+\.\d+\.\d+(?:-[\w.]{1,40})?|[0-9a-f]{7,40})\b/i;

/** The release that a line announces: "Deployed release 1.5.0", "starting shop, release f33fa1f520b9". */
export function announcedRelease(text: string): string | undefined {
  if (text.length > 400) return undefined;
  const name = MARKER.exec(text)?.[1];
  // A commit needs both kinds of digits; words such as "defaced" are none.
  return name === undefined || (!name.includes('.') && !(/\d/.test(name) && /[a-f]/.test(name))) ? undefined : name;
}
