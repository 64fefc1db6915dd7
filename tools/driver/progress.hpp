// What a person waiting sees: on a terminal a bar once a second, on a pipe a line every 15 seconds.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

namespace tandem::tools {

[[nodiscard]] bool on_terminal();

// A verdict word in its colour, or plain: on a pipe, on a dumb terminal, or with NO_COLOR set.
enum class colour { good, bad, quiet };
[[nodiscard]] std::string coloured(std::string_view text, colour as);

class progress {
public:
    // `jobs` equal parts make the whole.
    progress(std::string title, std::size_t jobs);
    progress(progress const&) = delete;
    progress& operator=(progress const&) = delete;
    ~progress();

    // A line of a worker: "@progress DONE TOTAL UNIT TEXT" is taken (true), anything else is not ours.
    bool take(std::size_t which, std::string_view line);
    void set(std::size_t which, double done, double total, std::string unit, std::string text);
    void finish(std::size_t which);
    void tick();
    void say(std::string_view line); // a line of text between the drawings

    [[nodiscard]] std::string drawn(double elapsed) const;

private:
    struct part {
        double fraction = 0;
        double done = 0;
    };

    void clear();

    std::string title_;
    std::size_t jobs_;
    std::map<std::size_t, part> parts_;
    std::string unit_;
    std::string text_;
    bool bar_shown_ = false;
    std::chrono::steady_clock::time_point started_;
    std::chrono::steady_clock::time_point drawn_;
};

} // namespace tandem::tools
