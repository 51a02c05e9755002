/** Jobs as a file that `apply` reads. */
import type { Fields } from './fields.ts';

const HEAD = '# Jobs for `jobsched apply`: a map from names to jobs.\n';

export async function jobsFileText(
  jobs: ReadonlyMap<string, Fields>,
  comments: readonly string[] = [],
): Promise<string> {
  const { formatYaml } = await import('../format/yaml.ts');
  const told = comments.map((line) => `# ${line.replaceAll(/[\r\n]+/g, ' ')}\n`).join('');
  const parts = [...jobs].map(([name, fields]) => formatYaml({ [name]: fields }));
  return [HEAD + told, ...(parts.length === 0 ? ['{}\n'] : parts)].join('\n');
}
