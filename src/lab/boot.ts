/**
 * How a machine is handed over to a program.
 *
 * A program of 64-bit mode starts on all processors at once, as a boot loader would leave it. All memory below 4 GiB is
 * mapped to itself for supervisor and user alike; there is a GDT with flat segments, no IDT, and a stack per processor.
 *
 *     1000H  page tables      7000H  GDT      10000H  stacks, 4 KiB each      100000H  the program
 *
 * One of 32-bit protected mode starts on the bootstrap processor, with flat segments and no paging; the others wait for a SIPI.
 */
import type { Image } from '../guest/image.ts';
import { INFORMATION, MULTIBOOT_LOADED, multibootInformation } from '../guest/multiboot-info.ts';
import { DR6_ONES, DR7_ONES } from '../hw/cpu/breakpoints.ts';
import type { Cpu } from '../hw/cpu/cpu.ts';
import { initialize } from '../hw/cpu/start.ts';
import type { Machine } from '../hw/machine.ts';
import {
  CR0_ET, CR0_NE, CR0_PE, CR0_PG, CR0_WP, CR4_PAE, EFER_LMA, EFER_LME, PTE_LARGE, PTE_PRESENT, PTE_USER, PTE_WRITE,
} from '../x86/paging.ts';
import { CS, DS, ES, FS, GS, RAX, RBX, RDI, RDX, RSI, RSP, SS, TR } from '../x86/registers.ts';

const PML4 = 0x1000;
const PDPT = 0x2000;
const DIRECTORIES = 0x3000;
const GDT = 0x7000;
const STACKS = 0x1_0000;
const STACK_SIZE = 0x1000;
/** All of it lies below, until the program has begun. */
export const START_MEMORY = STACKS;
/** Where programs are loaded that do not say. */
export const PROGRAM = 0x10_0000;

/** Null, code and data of the kernel, data and code of the user (in the order that SYSRET wants), and room for a TSS. */
const DESCRIPTORS = [0n, 0x00af_9b00_0000_ffffn, 0x00cf_9300_0000_ffffn, 0x00cf_f300_0000_ffffn, 0x00af_fb00_0000_ffffn, 0n, 0n];
export const SELECTOR = { kernelCode: 0x08, kernelData: 0x10, userData: 0x1b, userCode: 0x23, tss: 0x28 } as const;

/** All processors but the first wait for a SIPI, as firmware leaves them. */
function waitForStartUp({ cpus }: Machine): void {
  for (const cpu of cpus) {
    initialize(cpu);
    cpu.waiting = cpu.id !== 0;
  }
}

/** What a program of 32-bit protected mode is told in its registers. */
export interface Handover { readonly eax?: number; readonly ebx?: number }

/**
 * Sets up the processors for a program of 32-bit protected mode, as multiboot and PVH want it: flat segments of 4 GiB, a TSS of the
 * smallest size, no paging, no interrupts. Multiboot Specification, "Machine state"; Xen, "x86/HVM direct boot ABI".
 */
export function bootProtected(machine: Machine, entry: bigint, handover: Handover): void {
  waitForStartUp(machine);
  bootProtectedProcessor(machine.cpus[0]!, entry, handover);
}

/** One processor, in its state after INIT. */
export function bootProtectedProcessor({ registers, memory }: Pick<Cpu, 'registers' | 'memory'>, entry: bigint, handover: Handover): void {
  const { eax = 0, ebx = 0 } = handover;
  registers.setControl('cr0', CR0_PE | CR0_ET);
  registers.setSegment(CS, { selector: SELECTOR.kernelCode, base: 0n, limit: 0xffff_ffff, attributes: 0xc09b });
  for (const segment of [DS, ES, SS, FS, GS]) {
    registers.setSegment(segment, { selector: SELECTOR.kernelData, base: 0n, limit: 0xffff_ffff, attributes: 0xc093 });
  }
  registers.setSegment(TR, { selector: 0, base: 0n, limit: 0x67, attributes: 0x8b });
  registers.setGpr(RDX, 0n);
  registers.setGpr(RAX, BigInt(eax));
  registers.setGpr(RBX, BigInt(ebx));
  registers.rip = entry;
  memory.chooseMode();
}

/** What an image of 32-bit mode is told, after it was written to memory of so many bytes; undefined for one of 64-bit mode. */
export function handoverOf({ mode, startInfo, multiboot, name }: Image, memory: number, poke: Poke): Handover | undefined {
  if (mode === '64-bit') return undefined;
  if (startInfo !== undefined) return { ebx: startInfo };
  poke(INFORMATION.at, multibootInformation(memory, multiboot ?? { commandLine: name, modules: [] }));
  return { eax: MULTIBOOT_LOADED, ebx: INFORMATION.at };
}

type Poke = (address: number, bytes: Uint8Array) => void;

/** Of an image, what a processor begins with. */
export type Start = Pick<Image, 'entry' | 'bootParams'>;

/** Sets up memory and every processor that the program begins with. */
export function boot(machine: Machine, start: Start): void {
  bootMemory((address, bytes) => machine.poke(address, bytes));
  if (start.bootParams !== undefined) waitForStartUp(machine);
  for (const cpu of machine.cpus) if (!cpu.waiting) bootProcessor(cpu, cpu.id, start);
}

/** Page tables and descriptors, written to physical memory. */
export function bootMemory(poke: Poke): void {
  const low = new Uint8Array(STACKS);
  const view = new DataView(low.buffer);
  const table = PTE_PRESENT | PTE_WRITE | PTE_USER;
  view.setBigUint64(PML4, BigInt(PDPT | table), true);
  for (let gib = 0; gib < 4; gib += 1) {
    view.setBigUint64(PDPT + 8 * gib, BigInt((DIRECTORIES + 0x1000 * gib) | table), true);
    for (let entryIndex = 0; entryIndex < 512; entryIndex += 1) {
      const page = gib * 0x4000_0000 + entryIndex * 0x20_0000;
      view.setBigUint64(DIRECTORIES + 0x1000 * gib + 8 * entryIndex, BigInt(page + (table | PTE_LARGE)), true);
    }
  }
  for (const [i, descriptor] of DESCRIPTORS.entries()) view.setBigUint64(GDT + 8 * i, descriptor, true);
  poke(PML4, low.subarray(PML4));
}

/** Registers of the processor that the program knows by this number, which it finds in RDI; Linux finds its boot_params by RSI. */
export function bootProcessor({ registers, memory }: Pick<Cpu, 'registers' | 'memory'>, id: number, start: Start): void {
  registers.setControl('cr0', CR0_PE | CR0_PG | CR0_WP | CR0_NE | CR0_ET);
  registers.setControl('cr4', CR4_PAE);
  registers.setControl('efer', EFER_LME | EFER_LMA);
  registers.cr3 = BigInt(PML4);
  registers.setTable('gdtr', BigInt(GDT), 8 * DESCRIPTORS.length - 1);
  registers.setSegment(CS, { selector: SELECTOR.kernelCode, base: 0n, limit: 0xffff_ffff, attributes: 0xa09b });
  for (const segment of [DS, ES, SS, FS, GS]) {
    registers.setSegment(segment, { selector: SELECTOR.kernelData, base: 0n, limit: 0xffff_ffff, attributes: 0xc093 });
  }
  registers.setDebug(6, DR6_ONES);
  registers.setDebug(7, DR7_ONES);
  registers.setGpr(RSP, BigInt(STACKS + STACK_SIZE * (id + 1)));
  registers.setGpr(RDI, BigInt(id));
  if (start.bootParams !== undefined) registers.setGpr(RSI, BigInt(start.bootParams));
  registers.rip = start.entry;
  memory.chooseMode();
}
