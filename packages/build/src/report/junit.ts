import type { BuildReport, PackageReport } from './build-report.ts';

/** A build as JUnit XML: a test case for each task, so that any CI shows it. */
export function junit({ timestamp, totalDuration, totalPackages, packageReports, counts }: BuildReport): string {
  const cases = packageReports.map(testCase).join('\n');
  const skipped = counts.blocked + counts.cancelled;
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="selfheal build" timestamp="${timestamp}" time="${seconds(totalDuration)}" tests="${totalPackages}" failures="${counts.failed}" skipped="${skipped}">
${cases}
</testsuite>
`;
}

function testCase({ packageName, task, duration, status, error, blockedBy }: PackageReport): string {
  const head = `  <testcase classname="${escaped(packageName)}" name="${escaped(task)}" time="${seconds(duration)}"`;
  if (status === 'failed')
    return `${head}><failure message="${escaped(error?.split('\n')[0] ?? '')}">${escaped(error ?? '')}</failure></testcase>`;
  if (status === 'blocked') return `${head}><skipped message="${escaped(`needs ${blockedBy.join(', ')}`)}"/></testcase>`;
  if (status === 'cancelled') return `${head}><skipped message="cancelled"/></testcase>`;
  return `${head}/>`;
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}

/** XML 1.0 knows no way to write control characters, so they are left out. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
