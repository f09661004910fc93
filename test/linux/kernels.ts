/** The kernels of the long tests: Debian's stable one for clouds and for everything, and the newest one in the archive. */
import { execFileSync } from 'node:child_process';

/** What a package of Debian's that has nothing in it depends on. */
const meantBy = (name: string): string =>
  /Depends: (\S+)/.exec(execFileSync('apt-cache', ['depends', name], { encoding: 'utf8' }))![1]!;

export const KERNELS = ['linux-image-cloud-amd64', 'linux-image-amd64', 'linux-image-6.12-cloud-amd64'].map(meantBy);
