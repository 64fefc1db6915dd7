#include "report.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <optional>
#include <vector>

namespace tandem::model {
namespace {

struct step {
    std::string thread;
    std::string what;
    std::string where; // file(line)
};

// "[3] 0: <0x55..> atomic load, value=1, order=acquire, in , /tree/file.hpp(12)"
std::optional<step> parse(std::string_view line) {
    auto const number_ends = line.find("] ");
    auto const thread_ends = line.find(": ");
    auto const place = line.rfind(", in ");
    if (line.empty() || line.front() != '[' || number_ends == line.npos || thread_ends == line.npos ||
        place == line.npos) {
        return std::nullopt;
    }
    auto const file = line.find(", ", place + 5);
    return step{std::string(line.substr(number_ends + 2, thread_ends - number_ends - 2)),
                std::string(line.substr(thread_ends + 2, place - thread_ends - 2)),
                std::string(file == line.npos ? line.substr(place + 5) : line.substr(file + 2))};
}

// The plain read by which an atomic's lifetime is checked, before the operation itself.
bool lifetime_check(std::vector<step> const& steps, std::size_t i) {
    auto const& s = steps[i];
    auto const next = std::find_if(steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, steps.end(),
                                   [&](step const& other) { return other.thread == s.thread; });
    return s.what.ends_with("> load, value=0") && next != steps.end() && next->where == s.where;
}

std::string letters(std::size_t n) {
    std::string name(1, static_cast<char>('a' + n % 26));
    return n < 26 ? name : letters(n / 26 - 1) + name;
}

} // namespace

std::string readable(std::string_view history, std::string_view source_root) {
    history = history.substr(0, history.find("\nthread 0:\n")); // then everything again, sorted by thread
    std::string head;
    std::vector<step> steps;
    while (!history.empty()) {
        auto const end = history.find('\n');
        auto const line = history.substr(0, end);
        history = end == history.npos ? std::string_view() : history.substr(end + 1);
        if (auto s = parse(line)) {
            if (auto const at = s->where.find(source_root); !source_root.empty() && at != std::string::npos) {
                s->where.erase(at, source_root.size() + 1);
            }
            steps.push_back(std::move(*s));
        } else if (!line.empty() && !line.starts_with("execution history") && !line.starts_with("iteration:")) {
            head.append(line).append("\n");
        }
    }

    std::vector<std::string> addresses;
    auto const named = [&](std::string text) {
        for (auto at = text.find("0x"); at != std::string::npos; at = text.find("0x", at)) {
            auto end = at + 2;
            while (end != text.size() && std::isxdigit(static_cast<unsigned char>(text[end]))) {
                ++end;
            }
            auto const address = text.substr(at, end - at);
            std::size_t index = 0;
            while (index != addresses.size() && addresses[index] != address) {
                ++index;
            }
            if (index == addresses.size()) {
                addresses.push_back(address);
            }
            text.replace(at, end - at, letters(index));
        }
        return text;
    };

    std::vector<std::string> lines;
    bool alone = false; // before the threads meet, and after
    for (std::size_t i = 0; i != steps.size(); ++i) {
        auto const& s = steps[i];
        alone = (alone || s.what == "[CTOR BEGIN]" || s.what == "[AFTER BEGIN]") && s.what != "[BEFORE END]";
        if (s.what.starts_with("[") || lifetime_check(steps, i)) {
            continue; // Relacy's own marks
        }
        auto what = named(s.what);
        what.resize(std::max<std::size_t>(what.size(), 60), ' ');
        lines.push_back((alone ? "   -" : "  t" + s.thread) + "  " + what + "  " + s.where + "\n");
    }

    constexpr std::size_t first = 30;
    constexpr std::size_t last = 90;
    std::string text = std::move(head);
    for (std::size_t i = 0; i != lines.size(); ++i) {
        if (i == first && lines.size() > first + last) {
            auto const left_out = lines.size() - first - last;
            text += "       " + std::to_string(left_out) + " steps\n";
            i += left_out;
        }
        text += lines[i];
    }
    return text;
}

} // namespace tandem::model
