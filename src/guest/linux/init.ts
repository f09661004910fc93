/**
 * The first program in a Linux guest, a shell script: it makes the system usable, runs what it was brought, says what came of it, and
 * switches the machine off.
 *
 * How it talks to whoever runs the machine, over the console, in ASCII's own words for it:
 *
 *     SOH "vpmu" STX                      what follows is the output of the command, or of the shell
 *     ETX "vpmu 7" EOT                    it has ended with status 7
 *     SOH "vpmu ready" STX                a command is awaited: base64 of a cpio archive, and an empty line
 */
import { utf8 } from '../../base/utf8.ts';
import type { Node } from './cpio.ts';

/**
 * What is done before the command, and what behind it, each a shell's. Without success of the first, the command is not run, and the
 * status is 1.
 */
export const BEFORE_FILE = 'vpmu/before';
export const AFTER_FILE = 'vpmu/after';

/**
 * Where the command is, for a shell. Without it the console gets a shell. With `vpmu=wait` on the kernel's command line, which the
 * kernel hands to its first program, a command is awaited.
 */
export const COMMAND_FILE = 'vpmu/command';

const SCRIPT = `#!/bin/busybox sh
export PATH=/bin:/usr/bin:/sbin:/usr/sbin HOME=/root TERM=linux
NMI_WATCHDOG=/proc/sys/kernel/nmi_watchdog
/bin/busybox mkdir -p /bin /sbin /usr/bin /usr/sbin /proc /sys /dev /tmp /root /etc /mnt /vpmu
/bin/busybox --install -s
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t tmpfs tmp /tmp
mount -t tracefs trace /sys/kernel/tracing 2>/dev/null
ip link set lo up 2>/dev/null
hostname guest
cd /root

if [ "$vpmu" = wait ]; then
  stty -opost -echo
  # Counters are at rest while it waits, so that it can go on elsewhere.
  watchdog=$(cat $NMI_WATCHDOG 2>/dev/null)
  [ "$watchdog" = 1 ] && echo 0 >$NMI_WATCHDOG
  printf '\\001vpmu ready\\002'
  while read -r line && [ -n "$line" ]; do echo "$line"; done | base64 -d | (cd / && cpio -idu 2>/dev/null)
  [ "$watchdog" = 1 ] && echo 1 >$NMI_WATCHDOG
fi
[ -f /${COMMAND_FILE} ] && stty -opost -echo
printf '\\001vpmu\\002'
if [ -f /${BEFORE_FILE} ] && ! sh /${BEFORE_FILE} </dev/null; then
  status=1
elif [ -f /${COMMAND_FILE} ]; then
  sh /${COMMAND_FILE} </dev/null
  status=$?
else
  setsid cttyhack sh -l
  status=$?
fi
[ -f /${AFTER_FILE} ] && sh /${AFTER_FILE} </dev/null
printf '\\003vpmu %d\\004' "$status"
# It returns when what was written has left the machine.
stty opost echo
poweroff -f
`;

/** What every guest has: the script, and what there must be before it has mounted anything. */
export const INIT: readonly Node[] = [
  { path: 'init', kind: 'file', mode: 0o755, bytes: utf8(SCRIPT) },
  { path: 'dev/console', kind: 'device', type: 'character', major: 5, minor: 1 },
  { path: 'dev/null', kind: 'device', type: 'character', mode: 0o666, major: 1, minor: 3 },
  ...['proc', 'sys', 'tmp', 'root'].map((path): Node => ({ path, kind: 'folder' })),
];
