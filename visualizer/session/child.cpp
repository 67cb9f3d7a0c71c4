// SPDX-License-Identifier: BSD-2-Clause
#include "session/child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace session {

namespace {

constexpr usize output_part = 256 * 1024;

// In the child, between fork and exec: only calls that are safe there, since other threads of ours
// may have held any lock.
[[noreturn]] void become(char* const* arguments, const std::vector<int>& inherited, int output,
                         int error, pid_t parent) {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); // it died before prctl could ask
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    signal(SIGPIPE, SIG_DFL);

    int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    for (int number : inherited)
        fcntl(number, F_SETFD, 0);
    execvp(arguments[0], arguments);

    int why = errno;
    if (write(error, &why, sizeof why) < 0)
        _exit(126);
    _exit(127);
}

} // namespace

Child::Child(const std::vector<std::string>& command, const std::vector<int>& inherited) {
    std::vector<char*> arguments;
    for (const std::string& word : command)
        arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Pipe output = make_pipe();
    Pipe error = make_pipe(); // closed by a successful exec

    pid_t parent = getpid();
    id_ = fork();
    if (id_ < 0)
        throw std::runtime_error(system_error("cannot start " + command[0]));
    if (id_ == 0)
        become(arguments.data(), inherited, output.write.number(), error.write.number(), parent);
    setpgid(id_, id_); // also here: whoever is first, kill() finds the group
    error.write.close();
    output.write.close();

    int why = 0;
    if (read(error.read.number(), &why, sizeof why) == sizeof why) {
        waitpid(id_, nullptr, 0);
        id_ = -1;
        throw NotFound(command[0] + ": " + std::strerror(why));
    }
    fcntl(output.read.number(), F_SETFL, O_NONBLOCK);
    output_pipe_ = std::move(output.read);
    ended_ = Descriptor(static_cast<int>(syscall(SYS_pidfd_open, id_, 0)));
}

std::optional<Child::End> Child::poll() {
    int status = 0;
    if (!end_ && id_ > 0 && waitpid(id_, &status, WNOHANG) == id_) {
        int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
        end_ = End{signal != 0 ? 128 + signal : WEXITSTATUS(status), signal};
        read_output();
    }
    return end_;
}

void Child::kill() {
    if (id_ <= 0)
        return;
    ::kill(-id_, SIGKILL);
    if (!end_)
        waitpid(id_, nullptr, 0);
    id_ = -1;
}

void Child::read_output() {
    char buffer[16 * 1024];
    constexpr unsigned most_blocks = 64; // it may write faster than we read
    for (unsigned block = 0; block < most_blocks; block++) {
        ssize_t got = read(output_pipe_.number(), buffer, sizeof buffer);
        if (got < 0)
            return;
        if (got == 0) { // nobody can write any more: stop waking up for it
            output_pipe_.close();
            return;
        }
        output_.append(buffer, static_cast<usize>(got));
        if (output_.size() > 3 * output_part)
            output_.replace(output_part, output_.size() - 2 * output_part, "\n[…]\n");
    }
}

const std::string& Child::output() {
    if (output_pipe_.open())
        read_output();
    return output_;
}

} // namespace session
