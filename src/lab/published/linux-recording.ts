/** What `npm run published:linux` has read, and with which kernel and perf. It writes this file. */
export const LINUX_RECORDING = {
  kernel: '6.1.0-56-cloud-amd64',
  perf: '6.1.192-2',
  handlerBefore: 4516000,
  handlerPatched: 10120,
  rateBefore: 250,
  ratePatched: 100000,
  emulated6: 30.29,
  emulated10: 50.29,
  mediated6: 4.765,
  mediated10: 7.093,
};
