// Packs a screenshot of a page again, without loss: large even areas pack best as they are, and browsers filter every line.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = 8;
const CHANNELS = { 2: 3, 6: 4 };

function chunks(png) {
  const found = [];
  for (let at = SIGNATURE; at < png.length; ) {
    const size = png.readUInt32BE(at);
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + size) });
    at += 12 + size;
  }
  return found;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [left, up, corner].map((each) => Math.abs(guess - each));
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The lines as they look, each behind a 0: "not filtered". */
function unfiltered(lines, width, pixel) {
  const stride = width * pixel + 1;
  for (let line = 0; line < lines.length; line += stride) {
    const filter = lines[line];
    lines[line] = 0;
    for (let i = 1; i < stride; i++) {
      const left = i > pixel ? lines[line + i - pixel] : 0;
      const up = line > 0 ? lines[line + i - stride] : 0;
      const corner = i > pixel && line > 0 ? lines[line + i - stride - pixel] : 0;
      const guess = [0, left, up, (left + up) >> 1, filter === 4 ? paeth(left, up, corner) : 0][filter];
      lines[line + i] = (lines[line + i] + guess) & 255;
    }
  }
  return lines;
}

export function packed(png) {
  const all = chunks(png);
  const head = all.find(({ type }) => type === 'IHDR').data;
  const pixel = CHANNELS[head[9]];
  if (head[8] !== 8 || !pixel || head[12] !== 0) throw new Error('not a plain PNG of 8 bits a channel');
  const lines = inflateSync(Buffer.concat(all.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const data = deflateSync(unfiltered(lines, head.readUInt32BE(0), pixel), { level: 9, memLevel: 9 });
  return Buffer.concat([png.subarray(0, SIGNATURE), chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
