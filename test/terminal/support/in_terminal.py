# Runs a command in a pseudo-terminal: in_terminal.py COLUMNS ROWS COMMAND…
# stdout: «o BASE64» for what it wrote, «x CODE» when it ended. stdin: «i BASE64» types, «r COLUMNS ROWS» resizes.
import base64
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios


def set_size(descriptor, columns, rows):
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def tell(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def obey(line, terminal, child):
    word, *rest = line.split()
    if word == "i":
        os.write(terminal, base64.b64decode(rest[0]))
    elif word == "r":
        set_size(terminal, int(rest[0]), int(rest[1]))
    elif word == "k":
        os.kill(child, signal.SIGTERM)


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    child, terminal = pty.fork()
    if child == 0:
        # the child sets the size itself, before it can ask for it
        set_size(0, columns, rows)
        os.execvp(sys.argv[3], sys.argv[3:])
    inputs = [terminal, 0]
    unfinished = b""
    while True:
        ready, _, _ = select.select(inputs, [], [])
        if 0 in ready:
            # not by readline: what that reads ahead, select no longer sees
            said = os.read(0, 65536)
            if said == b"":
                inputs.remove(0)
            *lines, unfinished = (unfinished + said).split(b"\n")
            for line in lines:
                obey(line.decode(), terminal, child)
        if terminal in ready:
            try:
                data = os.read(terminal, 65536)
            except OSError:
                # Linux answers EIO when the last writer is gone
                data = b""
            if data == b"":
                break
            tell("o " + base64.b64encode(data).decode())
    _, status = os.waitpid(child, 0)
    tell("x " + str(os.waitstatus_to_exitcode(status)))


main()
