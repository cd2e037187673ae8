/** Podman and Docker, where there is no bubblewrap: on macOS and Windows. Nothing is downloaded by us. */
import { randomUUID } from "node:crypto";
import { programNamed } from "./programs";
import { argumentsOf, type Sandbox } from "./sandbox";

/** The image that must be there. */
export const image = "node:20-slim";

export function container(name: "podman" | "docker"): Sandbox | undefined {
  const program = programNamed(name);
  if (!program) return undefined;
  return {
    name,
    hasThisNode: false,
    command({ files, program: inside, limits }) {
      const { cpuSeconds, megabytes } = limits;
      // No other descriptors than the usual three reach a container.
      const pipes = [0, 1] as const;
      const container = `normlab-${process.pid}-${randomUUID()}`;
      const args = [
        ...`run --rm --name ${container} --interactive --pull never --network none --read-only`.split(" "),
        ...["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--user", "65534:65534"],
        // Threads count as processes here.
        ...["--pids-limit", "32", "--memory", `${megabytes}m`, "--memory-swap", `${megabytes}m`],
        ...[
          `cpu=${cpuSeconds}:${cpuSeconds}`,
          "fsize=0",
          "core=0",
          "nofile=256:256",
          "nproc=1000:1000",
        ].flatMap((bound) => ["--ulimit", bound]),
        ...Object.entries(files).flatMap(([to, from]) => ["--volume", `${from}:${to}:ro`]),
        ...["--entrypoint", "node", image, ...argumentsOf({ limits }, inside, pipes)],
      ];
      // What the client itself needs to find its service; the container gets none of it.
      const { HOME = "/", PATH = "", XDG_RUNTIME_DIR, DOCKER_HOST } = process.env;
      const env = {
        HOME,
        PATH,
        ...(XDG_RUNTIME_DIR && { XDG_RUNTIME_DIR }),
        ...(DOCKER_HOST && { DOCKER_HOST }),
      };
      return {
        file: program,
        args,
        env,
        pipes,
        remove: { file: program, args: ["rm", "--force", container] },
      };
    },
    dispose: () => undefined,
  };
}
