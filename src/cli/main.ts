/** `npx normlab <command>`: one file a command, loaded when it is asked for. */

interface Command {
  summary: string;
  /** Answers the exit status. */
  load: () => Promise<{ main: (args: string[]) => Promise<number> }>;
}

const commands: Record<string, Command> = {
  run: {
    summary: "train what CONFIG.json describes and write the Run to a file",
    load: () => import("./run"),
  },
};

const usage: string = `usage: npx normlab <command> …

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join("\n")}

npx normlab <command> --help says more.`;

async function main([name, ...args]: string[]): Promise<number> {
  if (name === "--help" || name === "-h") {
    console.log(usage);
    return 0;
  }
  const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
  if (command === undefined) {
    console.error(`normlab: ${name === undefined ? "no command" : `unknown command "${name}"`}\n\n${usage}`);
    return 2;
  }
  const { main: run } = await command.load();
  return run(args);
}

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(`normlab: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  },
);
