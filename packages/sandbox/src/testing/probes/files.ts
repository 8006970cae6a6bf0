import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Probe, ProbedHost } from './probe.ts';

async function secretChanged({ facts }: ProbedHost): Promise<string | undefined> {
  return (await readFile(join(facts.outside, 'secret'), 'utf8')) === facts.canary ? undefined : 'a file outside was changed';
}

/** What a program may read and write. */
export const fileProbes: readonly Probe[] = [
  {
    name: 'reads the environment of whoever started it',
    harmless: true,
    attack: ({ facts, fs, sh, escaped }) => {
      if (JSON.stringify(process.env).includes(facts.canary)) escaped('process.env');
      for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
        if (sh(`cat /proc/${name}/environ`).includes(facts.canary)) escaped(`/proc/${name}/environ`);
      }
    },
  },
  {
    name: "lists the user's home",
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      for (const folder of [facts.home, '/root', '/home']) {
        try {
          const found = fs.readdirSync(folder);
          if (found.length > 0) escaped(`${folder}: ${found}`);
        } catch {}
      }
    },
  },
  {
    name: 'reads a file beside the copy',
    harmless: true,
    attack: ({ facts, sh, escaped }) => {
      if (sh(`cat ${facts.outside}/secret ../secret ../../secret ../../../secret`).includes(facts.canary)) escaped('secret');
    },
  },
  {
    name: 'reads through the roots and folders of /proc',
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      for (const name of fs.readdirSync('/proc').filter((entry) => /^\d+$|self/.test(entry))) {
        for (const way of ['root', 'cwd/../..', 'task/1/root']) {
          try {
            const text = fs.readFileSync(`/proc/${name}/${way}${facts.outside}/secret`, 'utf8');
            if (text.includes(facts.canary)) escaped(`/proc/${name}/${way}`);
          } catch {}
        }
      }
    },
  },
  {
    name: 'reads through a symbolic link',
    harmless: true,
    attack: ({ facts, fs, escaped }) => {
      fs.symlinkSync(`${facts.outside}/secret`, 'link-to-read');
      try {
        if (fs.readFileSync('link-to-read', 'utf8').includes(facts.canary)) escaped('link');
      } finally {
        fs.unlinkSync('link-to-read');
      }
    },
  },
  {
    name: 'writes through a symbolic link',
    attack: ({ facts, fs }) => {
      fs.symlinkSync(`${facts.outside}/secret`, 'link-to-write');
      try {
        fs.writeFileSync('link-to-write', 'overwritten');
      } finally {
        fs.unlinkSync('link-to-write');
      }
    },
    harm: secretChanged,
  },
  {
    name: 'makes a hard link to a file outside',
    attack: ({ facts, fs, escaped }) => {
      fs.linkSync(`${facts.outside}/secret`, 'hard-link');
      escaped('a hard link');
    },
    harm: secretChanged,
  },
  {
    name: 'writes to system folders',
    attack: ({ fs, escaped }) => {
      for (const folder of ['/', '/usr', '/usr/bin', '/usr/lib', '/etc', '/root', '/home', '/var', '/run', '/sys', '/boot', '/opt']) {
        try {
          fs.writeFileSync(`${folder}/selfheal-probe`, 'x');
          escaped(folder);
        } catch {}
      }
    },
    harm: async () => {
      for (const folder of ['/', '/usr', '/etc', '/root', '/var', '/run']) {
        const there = await access(join(folder, 'selfheal-probe')).then(
          () => true,
          () => false,
        );
        if (there) return `${folder}/selfheal-probe`;
      }
      return undefined;
    },
  },
  {
    name: 'replaces the programs that tests are run with',
    attack: ({ fs, escaped }) => {
      for (const file of [process.execPath, '/bin/sh', '/usr/bin/env']) {
        try {
          fs.accessSync(file, fs.constants.W_OK);
          fs.closeSync(fs.openSync(file, 'r+'));
          escaped(file);
        } catch {}
      }
    },
  },
  {
    name: 'reads the accounts of the system',
    harmless: true,
    attack: ({ sh, escaped }) => {
      const found = sh('cat /etc/passwd /etc/shadow');
      if (/^(root|daemon):/m.test(found)) escaped(found);
    },
  },
  {
    name: 'puts hooks and settings into a git repository',
    attack: ({ facts, sh }) => {
      sh(`git config --global core.hooksPath /tmp; git config --file ${facts.outside}/repository/.git/config core.fsmonitor /tmp/x`);
      sh(`mkdir -p ${facts.outside}/repository/.git/hooks; printf '#!/bin/sh\\n' > ${facts.outside}/repository/.git/hooks/post-merge`);
      sh('mkdir -p ../.git/hooks .git/hooks; printf x > ../.git/hooks/post-checkout');
    },
    harm: async ({ facts }) => {
      const config = await readFile(join(facts.outside, 'repository/.git/config'), 'utf8');
      if (config.includes('fsmonitor')) return 'the configuration of a repository was changed';
      const hooks = await readdir(join(facts.outside, 'repository/.git/hooks'));
      return hooks.length > 0 ? `hooks: ${hooks}` : undefined;
    },
  },
  {
    name: "reads files in the host's shared memory",
    harmless: true,
    attack: ({ facts, sh, escaped }) => {
      if (sh(`cat ${facts.sharedFile}; cat /dev/shm/*`).includes(facts.canary)) escaped(facts.sharedFile);
    },
  },
];
