/**
 * A folder that is shared with a guest: a file system device, whose driver asks in the language of FUSE. Virtual I/O Device (VIRTIO)
 * Version 1.2, "File System Device".
 *
 * The folder is given as it is at the beginning; what the guest makes of it stays in memory, and can be asked for. Nothing is opened: a
 * driver that is told that there is no such request reads and writes by the number of the node.
 */
import { load, save } from '../../base/pack.ts';
import type { VirtioDevice } from '../virtio/virtio.ts';
import { DriverFault } from '../virtio/virtio.ts';
import { type ChangedFile, changedFiles } from './changed-files.ts';
import { Arguments, answer, HEADER, OPCODE } from './fuse.ts';
import type { GivenFolder, Time } from './node.ts';
import { type Asked, OPERATIONS } from './operations.ts';
import { ERRNO, FileError, Tree } from './tree.ts';
import { TreeState } from './tree-state.ts';

export interface Shared {
  /** What the guest mounts it by: at most 36 letters of ASCII. */
  readonly tag: string;
  readonly root: GivenFolder;
}

const DEVICE_ID = 26;
/** Requests that need no answer come by the first queue, all others by the second one. */
const QUEUES = 2;
const TAG = 36;
const NOTHING = new Uint8Array();
/** No answer is awaited. */
const SILENT: ReadonlySet<number> = new Set([OPCODE.forget, OPCODE.batchForget, OPCODE.interrupt]);

export class Share implements VirtioDevice {
  readonly id = DEVICE_ID;
  readonly features = 0;
  readonly queues = QUEUES;
  readonly config = new Uint8Array(TAG + 4);
  private readonly tree: Tree;
  private readonly state: TreeState;
  private readonly initial: Uint8Array;

  /** `time` is that of all that is given, `now` that of what is changed. */
  constructor({ tag, root }: Shared, time: Time, now: () => Time) {
    for (let i = 0; i < tag.length; i += 1) this.config[i] = tag.charCodeAt(i);
    // Queues for requests, beside the first one.
    new DataView(this.config.buffer).setUint32(TAG, QUEUES - 1, true);
    this.tree = new Tree(root, time, now);
    this.state = new TreeState(this.tree);
    this.initial = save(this.state);
  }

  /** Files that are not as they were given, in the order of their paths. */
  get changed(): readonly ChangedFile[] {
    return changedFiles(this.tree);
  }

  serve(_queue: number, request: Uint8Array, room: number): Uint8Array {
    if (request.length < HEADER.in) throw new DriverFault(`a request of ${request.length} bytes`);
    const view = new DataView(request.buffer, request.byteOffset, request.length);
    const opcode = view.getUint32(HEADER.opcode, true);
    const silent = SILENT.has(opcode);
    if (!silent && room < HEADER.out) throw new DriverFault(`a request ${opcode} with room for an answer of ${room} bytes`);
    const asked: Asked = {
      node: Number(view.getBigUint64(HEADER.node, true)), args: new Arguments(request.subarray(HEADER.in)), room: room - HEADER.out,
      owner: { uid: view.getUint32(HEADER.uid, true), gid: view.getUint32(HEADER.gid, true) },
    };
    const whole = this.answer(opcode, request.subarray(HEADER.unique, HEADER.unique + 8), asked);
    if (silent) return NOTHING;
    if (whole.length > room) throw new DriverFault(`a request ${opcode} with room for ${room} bytes of ${whole.length}`);
    return whole;
  }

  private answer(opcode: number, unique: Uint8Array, asked: Asked): Uint8Array {
    try {
      const operation = OPERATIONS.get(opcode);
      if (operation === undefined) return answer(unique, ERRNO.notImplemented);
      return answer(unique, 0, operation(this.tree, asked));
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return answer(unique, error.errno);
    }
  }

  reset(): void {
    this.tree.forgetAll();
  }

  changes(): Uint8Array {
    const now = save(this.state);
    const { initial } = this;
    return now.length === initial.length && now.every((byte, i) => byte === initial[i]) ? NOTHING : now;
  }

  restore(changes: Uint8Array): void {
    load(this.state, changes.length === 0 ? this.initial : changes);
  }
}
