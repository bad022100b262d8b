import { readdirSync, readFileSync } from "node:fs";

/** Clock ticks per second in `/proc/<pid>/stat`: 100 on every Linux that workerd runs on. */
const TICKS_PER_SECOND = 100;

type Process = { pid: number; parent: number; name: string; ticks: number };

/** CPU time of a process and of everything below it, in milliseconds. */
export function cpuMsOf(root: number): number {
  const ticks = treeOf(root).reduce((sum, process) => sum + process.ticks, 0);
  return (ticks * 1_000) / TICKS_PER_SECOND;
}

/** The workerd processes below this process. */
export function ownRuntimes(): number[] {
  return treeOf(process.pid)
    .filter(({ name }) => name === "workerd")
    .map(({ pid }) => pid);
}

function treeOf(root: number): Process[] {
  const all = readProcesses();
  const tree = all.filter(({ pid }) => pid === root);
  for (const { pid } of tree) tree.push(...all.filter(({ parent }) => parent === pid));
  return tree;
}

function readProcesses(): Process[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return [parseStat(Number(name), readFileSync(`/proc/${name}/stat`, "utf8"))];
      } catch {
        return []; // It has ended in the meantime.
      }
    });
}

/** proc(5): the name stands in parentheses and may hold any character; the fields after it are plain. */
function parseStat(pid: number, stat: string): Process {
  const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return { pid, name, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
}
