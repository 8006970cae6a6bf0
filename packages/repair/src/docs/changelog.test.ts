import { describe, expect, it } from 'vitest';
import { applyEdits } from '../patch/apply-edits.ts';
import { changelogEntry } from './changelog.ts';

const FILE = 'CHANGELOG.md';
const written = (text: string, ...entries: string[]) =>
  // Every edit is made for the same text, as fixes at the same time are, and then applied one after the other.
  entries
    .map((entry) => changelogEntry(FILE, text, entry))
    .reduce((files, edits) => applyEdits(files, edits), { [FILE]: text } as Record<string, string>)[FILE];

describe('changelogEntry', () => {
  it('adds to the list of unreleased changes, with its bullet', () => {
    expect(written('# Changelog\n\n## Unreleased\n\n* Old\n\n## 1.0.0\n\n* First\n', 'New')).toBe(
      '# Changelog\n\n## Unreleased\n\n* Old\n* New\n\n## 1.0.0\n\n* First\n',
    );
  });

  it('puts an entry under an empty heading', () => {
    expect(written('## Unreleased\n\n## 1.0.0\n\n- First\n', 'New')).toBe('## Unreleased\n\n- New\n\n## 1.0.0\n\n- First\n');
  });

  it('keeps to the groups of Keep a Changelog', () => {
    expect(written('## [Unreleased]\n\n### Added\n\n- A\n\n### Fixed\n\n- F\n\n## [1.0.0]\n', 'New')).toContain(
      '### Fixed\n\n- F\n- New\n',
    );
    expect(written('## [Unreleased]\n\n### Added\n\n- A\n\n## [1.0.0]\n', 'New')).toContain('### Added\n\n- A\n\n### Fixed\n\n- New\n');
  });

  it('makes the heading where there is none', () => {
    expect(written('# Changes\n\n## 2.0.0\n\n- Two\n', 'New')).toBe('# Changes\n\n## Unreleased\n\n- New\n\n## 2.0.0\n\n- Two\n');
  });

  it('lets two fixes of the same time add to one list', () => {
    const text = '## Unreleased\n\n- Old\n\n## 1.0.0\n';
    expect(written(text, 'One', 'Two')).toBe('## Unreleased\n\n- Old\n- Two\n- One\n\n## 1.0.0\n');
  });

  it('keeps the line ends of the file', () => {
    expect(written('## Unreleased\r\n\r\n- Old\r\n', 'New')).toBe('## Unreleased\r\n\r\n- Old\r\n- New\r\n');
  });

  it('leaves a file alone whose form it does not know', () => {
    expect(changelogEntry(FILE, 'We changed things.\n', 'New')).toEqual([]);
  });
});
