// A reverse proxy that gives a console a path below its own, as an ingress does.
import { createServer, request } from 'node:http';

export async function behindPrefix(console, prefix) {
  const { hostname, port } = new URL(console);
  const server = createServer((asked, answer) => {
    if (!asked.url.startsWith(`${prefix}/`)) {
      answer.writeHead(404).end();
      return;
    }
    const onward = request(
      { hostname, port, path: asked.url.slice(prefix.length), method: asked.method, headers: asked.headers },
      (told) => {
        answer.writeHead(told.statusCode, told.headers);
        told.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    asked.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${server.address().port}${prefix}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
