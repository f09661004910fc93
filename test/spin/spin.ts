/** Runs SPIN on the model: generates a verifier, compiles it for a breadth-first search, and reads what it prints. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelMachine } from './projection.ts';

/** From dist/test/spin. */
const SOURCE = fileURLToPath(new URL('../../../test/spin/reuse.pml', import.meta.url));
/** Where SPIN works: it looks for a trail beside the model. */
const MODEL = 'reuse.pml';
const MUCH = 1 << 28;

/** What is not there that it takes, and how to get it; undefined when all is there. */
export function missing(): string | undefined {
  const absent = [['spin', '-V'], ['gcc', '--version']].filter(([tool, option]) => spawnSync(tool!, [option!]).status !== 0);
  const names = absent.map(([tool]) => tool).join(' and ');
  return names === '' ? undefined : `the cross-check needs ${names}: apt-get install -y spin gcc`;
}

export interface Variant {
  readonly machine: ModelMachine;
  /** B8 is planted. */
  readonly planted: boolean;
  readonly rounds?: number;
}

export interface Searched {
  /** SPIN's own numbers. */
  readonly stored: number;
  readonly transitions: number;
  readonly errors: number;
  /** `step state state` for each transition, if the model prints. */
  readonly printed: readonly string[];
  /** Of processor time. */
  readonly seconds: number;
}

/** `prints`: each transition, for who compares them. `optimised`: for the clock. */
type Purpose = 'prints' | 'optimised';
const FLAGS: Readonly<Record<Purpose, readonly string[]>> = { prints: ['-O0', '-DPRINTF'], optimised: ['-O2'] };

export class SpinModel {
  private readonly folder = mkdtempSync(join(tmpdir(), 'vpmu-spin-'));
  private readonly defines: readonly string[];

  constructor({ machine, planted, rounds }: Variant, purpose: Purpose) {
    this.defines = [
      `-DMACHINE=${machine.toUpperCase()}`, ...(planted ? ['-DB8'] : []), ...(rounds === undefined ? [] : [`-DROUNDS=${rounds}`]),
    ];
    cpSync(SOURCE, join(this.folder, MODEL));
    this.run('spin', '-a', ...this.defines, MODEL);
    this.run('gcc', '-w', '-DBFS', '-DSAFETY', ...FLAGS[purpose], '-o', 'pan', 'pan.c');
  }

  private run(tool: string, ...args: readonly string[]): string {
    const { status, stdout, stderr, error } = spawnSync(tool, args, { cwd: this.folder, encoding: 'utf8', maxBuffer: MUCH });
    if (error !== undefined || status !== 0) throw new Error(`${tool} ${args.join(' ')}: ${error?.message ?? `${stdout}${stderr}`}`);
    return stdout;
  }

  /** All states; what is found ends a path, and not the search. */
  search(): Searched {
    // -c0: no error is one too many. -n: code that is not reached is not listed. `times`: of the shell, and then of its children.
    const output = this.run('sh', '-c', './pan -c0 -n && times');
    const number = (pattern: RegExp): number => {
      const found = pattern.exec(output)?.[1];
      if (found === undefined) throw new Error(`pan printed nothing like ${pattern.source}:\n${output}`);
      return Number(found);
    };
    // It also says so of a search that ended at an error, which -c0 forbids.
    if (/not completed|too small|out of memory/.test(output)) throw new Error(`the search is not complete:\n${output}`);
    const times = output.trimEnd().split('\n').at(-1)!.matchAll(/(\d+)m([\d.]+)s/g);
    const seconds = [...times].reduce((sum, [, minutes, rest]) => sum + 60 * Number(minutes) + Number(rest), 0);
    return {
      stored: number(/^ *(\d+) states, stored/m), transitions: number(/^ *(\d+) transitions/m), errors: number(/errors: (\d+)/),
      printed: transitionsIn(output), seconds,
    };
  }

  /** A shortest way to what is found first, told by SPIN's simulator. Empty when nothing is found. */
  counterexample(): readonly string[] {
    const output = this.run('./pan', '-n');
    return output.includes('errors: 0\n') ? [] : transitionsIn(this.run('spin', '-t', ...this.defines, MODEL));
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What the model prints of a transition: the step, and the states before and behind it. */
const STATE = String.raw`\d+(?: -?\d+){21}`;
const TRANSITION = new RegExp(`^([a-z]+(?: \\d)?) (${STATE}) (${STATE})$`);

const partOf = (transition: string, part: 1 | 2 | 3): string => TRANSITION.exec(transition)![part]!;
export const stepOf = (transition: string): string => partOf(transition, 1);
export const sourceOf = (transition: string): string => partOf(transition, 2);
export const targetOf = (transition: string): string => partOf(transition, 3);

/** The simulator indents, and sets what it prints apart. */
const transitionsIn = (output: string): string[] =>
  output.split('\n').map((line) => line.trim().replace(/ +/g, ' ')).filter((line) => TRANSITION.test(line));
