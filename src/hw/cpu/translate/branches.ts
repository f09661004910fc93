/** Where branches have been seen to go whose targets are not in their bytes: hints, which nothing depends on but speed. */
import { PAGE } from './region.ts';

export class Branches {
  /** By page, and by where the branch lies: how far from it what it goes to is. */
  private readonly pages = new Map<number, Map<number, Set<number>>>();

  /** The branch at `host` goes so many bytes on. */
  see(host: number, distance: number): void {
    const page = host & -PAGE;
    const branches = this.pages.get(page) ?? new Map<number, Set<number>>();
    this.pages.set(page, branches.set(host, (branches.get(host) ?? new Set()).add(distance)));
  }

  /** How far the branch at `host` has been seen to go. */
  distances(host: number): readonly number[] {
    return [...this.pages.get(host & -PAGE)?.get(host) ?? []];
  }

  /** What was on a page is not there any more. */
  forget(page: number): void {
    this.pages.delete(page);
  }
}
