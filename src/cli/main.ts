/**
 * The command line. Exit status: 0, the experiment went as it should; 1, it failed; 2, the user's mistake, told in one line
 * on stderr. What is ours to mend is an assert, and is not caught here.
 */
import { Command, CommanderError, Option } from 'commander';
import { Mismatch } from '../base/shape.ts';
import { ImageError } from '../guest/image.ts';
import { CPU_NAMES } from '../lab/cpu-names.ts';
import { AssemblyError } from '../x86/isa/expression.ts';
import { COMMANDS } from './commands.ts';
import { type Io, STATUS, UserError } from './io.ts';

/** What is the user's to mend, wherever it was found. */
const MISTAKES = [UserError, Mismatch, ImageError, AssemblyError] as const;

/** Is given what the command line says: arguments, and options last. Returns the exit status. */
type Act = (io: Io, ...given: readonly unknown[]) => number | Promise<number>;
type Load = () => Promise<(io: Io, ...given: never[]) => number | Promise<number>>;

/** Runs a command, and returns the exit status. */
export async function main(io: Io): Promise<number> {
  let status: number = STATUS.success;
  const program = new Command('vpmu')
    .description('A software x86-64 machine with a complete performance-monitoring unit.')
    .version(io.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(`${oneLine(text)}; 'vpmu --help' tells what there is`),
    })
    .showSuggestionAfterError();
  const json = new Option('--json', 'print plain data instead of text');
  const on = new Option('--on <strategy>', 'as the guest of a host that gives it its PMU in this way');
  const does = (load: Load, withLinux = load) => async (...given: unknown[]): Promise<void> => {
    // Commander gives itself behind the options.
    const said = given.slice(0, -1), { linux } = said.at(-1) as { linux?: true };
    const act = await (linux ? withLinux : load)() as Act;
    status = await act(io, ...said);
  };
  const command = (name: string, description: string): Command => program.command(name).description(description).addOption(json);

  const more = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
  const withGuest = (each: Command): Command => each
    .option('--file <host:guest>', 'bring a file to the Linux guest; may be said again', more)
    .option('--cpus <count>', 'processors of the Linux guest or the image')
    .option('--cpu <name>', `whose they are: ${CPU_NAMES.join(', ')}`)
    .option('--pmu <which>', 'their counters: full, or shared for those that every strategy offers, as snapshots have them')
    .option('--no-pmu', 'they have no performance-monitoring unit')
    .option('--memory <MiB>', 'its memory')
    .option('--kernel <file>', 'a bzImage or its ELF file')
    .option('--initrd <file>', 'an initial file system; --exec needs /bin/busybox in it; of a multiboot image its first module')
    .option('--symbols <file>', 'the kernel\'s System.map, to tell where a guest is that does not end well')
    .option('--append <parameters>', 'what else the command line of the kernel or the multiboot image says')
    .option('--dir <folder>', 'where vpmu guest build has put the guest');

  withGuest(command('run', 'run a scenario by name, a scenario file (.json) or an image, and print the report; or boot Linux')
    .argument('[what]', 'the name of a scenario, or a file')
    .addOption(on)
    .option('--no-wasm', 'interpret without WebAssembly: slower, with the same results')
    .option('--timeline [count]', 'print the last records of the trace too')
    .option('--linux', 'boot the guest of vpmu guest build, or the kernel of --kernel; Ctrl-A X leaves it')
    .option('--exec <command>', 'run it in the Linux guest, print what it prints, and end with its status')
    .option('--from <file>', 'go on with the Linux guest of vpmu snapshot instead of booting one')
    .option('--module <file>', 'of a multiboot image, and words for it after the name; may be said again', more)
    .option('--disk <file>', 'a disk of the Linux guest; file,ro: read only; file,write: the file is replaced; may be said again', more)
    .option('--share <folder>', 'a folder that the Linux guest finds at /mnt: folder or folder:name; may be said again', more)
    .option('--share-out <folder>', 'where files go that the Linux guest has changed in shared folders')
    .option('--get <guest:host>', 'a file of the Linux guest that is wanted when the command has ended; may be said again', more)
    .option('--timeout <seconds>', 'of the guest\'s time, which the command or the image may take'))
    .action(does(COMMANDS.run, COMMANDS.runLinux));
  withGuest(program.command('snapshot').description('boot Linux until it waits for a command, and keep it for vpmu run --linux --from')
    .argument('<file>', 'where it is kept')
    .option('--no-wasm', 'interpret without WebAssembly: slower, with the same results')
    .option('--timeout <seconds>', 'of the Linux guest\'s time, which the boot may take'))
    .action(does(COMMANDS.snapshot));
  command('trace', 'run it, and print what happened as a timeline')
    .argument('<what>', 'the name of a scenario, or a file: also a counterexample of verify')
    .addOption(on)
    .option('--last <count>', 'how many records to keep', '200')
    .action(does(COMMANDS.trace));
  command('compare', 'run one guest on bare metal and on each strategy, and print what each costs and gets wrong')
    .argument('[what]', 'the name of a scenario, or a file; a guest that profiles itself when none is named')
    .option('--strategies <names>', 'only these, separated by commas')
    .option('--generation <kernel>', 'the host\'s: 4.19, 7.1, or own for that of each strategy')
    .option('--cost <machine>', 'the machine of the literature that host code costs as much as on')
    .option('--vendor <name>', 'whose counters the processors have: intel, amd')
    .option('--vcpus <count>', 'virtual processors of the guest')
    .option('--cpus <count>', 'processors of the host')
    .option('--load <count>', 'other tasks that compete for the host\'s processors')
    .option('--migrate-every <ticks>', 'the running task moves to another processor after so many; 0: never')
    .option('--host-events <users>', 'who else uses the host\'s PMU: watchdog, stat, record, kvm, separated by commas, or none')
    .option('--period <events>', 'from one sample to the next')
    .option('--handler <kind>', 'the guest\'s PMI handler')
    .option('--seed <number>', 'answers what is left open; 0 always takes the first alternative')
    .option('--csv', 'print comma-separated values instead of tables')
    .option('--html <file>', 'write a page with plots too')
    .option('--linux', 'a command in the Linux guest of vpmu guest build, or of --kernel and --initrd')
    .option('--exec <command>', 'of the Linux guest; counts and a profile when it is left out')
    .option('--from <file>', 'go on with the Linux guest of vpmu snapshot instead of booting one')
    .option('--file <host:guest>', 'bring a file to the Linux guest; may be said again', more)
    .option('--cpu <name>', `whose processors the Linux guest has: ${CPU_NAMES.join(', ')}`)
    .option('--memory <MiB>', 'memory of the Linux guest')
    .option('--kernel <file>', 'a bzImage or its ELF file')
    .option('--initrd <file>', 'an initial file system with /bin/busybox in it')
    .option('--dir <folder>', 'where vpmu guest build has put the guest')
    .option('--timeout <seconds>', 'of the Linux guest\'s time, which boot and command may take')
    .action(does(COMMANDS.compare, COMMANDS.compareLinux));
  command('holes', 'run each known hole on each strategy, and print which has it')
    .argument('[id...]', 'such as B1; all of them when none is named')
    .option('--strategies <names>', 'only these, separated by commas')
    .option('--trace <strategy>', 'what happens in one of them, as a timeline')
    .action(does(COMMANDS.holes));
  command('verify', 'explore every behaviour of small machines, on the running code')
    .argument('[strategy...]', 'all that have counters when none is named')
    .option('--machines <names>', 'only these, separated by commas')
    .option('--property <name>', 'report only this one, such as \'PMI lost\'')
    .option('--states <count>', 'give a search up after so many states', '4000000')
    .option('--memory <MiB>', 'give a search up when what it keeps takes so much', '2048')
    .option('--save <folder>', 'write each counterexample as a file')
    .option('--jobs <count>', 'so many searches at a time; as many as there are processors when it is left out')
    .option('--checkpoint <file>', 'where a search that is cut or interrupted is saved')
    .option('--resume <file>', 'go on with a search that was saved')
    .option('--queue <url>', 'give the searches to workers at this Redis or Valkey, such as redis://localhost')
    .action(does(COMMANDS.verify));
  command('worker', 'do searches of vpmu verify --queue, until it is interrupted')
    .requiredOption('--queue <url>', 'the Redis or Valkey that they come from, such as redis://localhost')
    .option('--jobs <count>', 'so many searches at a time; as many as there are processors when it is left out')
    .action(does(COMMANDS.worker));
  command('fuzz', 'walk at random through machines too large to explore')
    .argument('[strategy...]', 'all that have counters when none is named')
    .option('--seed <number>', 'where the walks begin', '1')
    .option('--walks <count>', 'how many, in each machine', '100')
    .option('--steps <count>', 'of each walk', '400')
    .option('--save <folder>', 'write each path that was found as a file')
    .action(does(COMMANDS.fuzz));
  command('replay', 'tell a counterexample of verify or fuzz, step by step')
    .argument('<file>', 'as verify --save writes it')
    .option('--itf', 'print its states in the Informal Trace Format')
    .action(does(COMMANDS.replay));
  program.command('guest').description('make Linux guests from packages of the distribution')
    .command('build').description('a kernel, busybox and perf, for vpmu run --linux; needs Debian or Ubuntu, and no root')
    .addOption(json)
    .option('--dir <folder>', 'where it is kept; vpmu in the user\'s cache when it is left out')
    .option('--kernel-package <name>', 'such as linux-image-6.1.0-50-cloud-amd64; the newest for virtual machines when it is left out')
    .option('--with <packages>', 'whose programs it has beside busybox, separated by commas', 'linux-perf')
    .action(does(COMMANDS.guestBuild));
  command('published', 'repeat the figures of the literature, and print how far off this machine is')
    .action(does(COMMANDS.published));
  command('list', 'list the scenarios that the package carries')
    .action(does(COMMANDS.list));
  command('disasm', 'disassemble a scenario\'s program, an image, or bytes in hexadecimal')
    .argument('<what>', 'the name of a scenario, a file, or bytes such as 4801c8')
    .option('--at <address>', 'where to begin, or what the bytes are taken to stand at')
    .option('--count <instructions>', 'how many')
    .action(does(COMMANDS.disasm));

  try {
    if (io.args.length === 0) throw new UserError(`no command; it is one of ${program.commands.map((each) => each.name()).join(', ')}`);
    await program.parseAsync(io.args, { from: 'user' });
    return status;
  } catch (error) {
    // Commander has printed what it had to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? STATUS.success : STATUS.mistake;
    if (!MISTAKES.some((mistake) => error instanceof mistake)) throw error;
    io.err(`vpmu: ${oneLine((error as Error).message)}`);
    return STATUS.mistake;
  }
}

const oneLine = (text: string): string => text.trim().replace(/^error: /, 'vpmu: ').replace(/\.?\s*\n\s*/g, ' ').replace(/\.$/, '');
