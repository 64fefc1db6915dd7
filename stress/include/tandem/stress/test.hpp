// test: is a structure of yours linearizable? Say what its operations are, and what a sequential object does instead:
//
//     int main(int argc, char** argv) {
//         return tandem::stress::test<my_queue, std::deque<int>>("my_queue")
//             .operation("push", [](my_queue& q, int v) { q.push(v); }, [](std::deque<int>& d, int v) { d.push_back(v); })
//             .operation("pop", &my_queue::pop, [](std::deque<int>& d) { ... })
//             .finally("pop")
//             .main(argc, argv);
//     }
//
// Random programs of these operations run on real threads, each thread records what it was answered, and every history
// is checked: is there an order of the calls in which the model gives the same answers? One that has none is shrunk, first
// by running smaller programs, then by itself, and printed as a table, with the command that runs the same programs again.
//
// Calls that never return are reported, and a process stuck with them is not waited for. An exception is an answer too: the
// model must throw as well. In place of a model there may be a specification (spec.hpp), which may have a monitor; then
// the operations go by its names, and programs of thousands of calls are run as well.
//
// `run` is for a test framework, as EXPECT_TRUE(report) << report.text, and takes its options from the environment.
#pragma once

#include <tandem/stress/engine/run.hpp>
#include <tandem/stress/model.hpp>
#include <tandem/stress/operation.hpp>
#include <tandem/world.hpp>

#if defined(TANDEM_EXPLORES)
#include <tandem/stress/explore/session.hpp>
#else
#include <tandem/stress/engine/session.hpp>
#endif

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tandem::stress {

namespace detail {

#if defined(TANDEM_EXPLORES)
namespace runs = explored;
#else
namespace runs = on_threads;
#endif

template <class Structure, class Model>
struct declaration {
    std::string name{};
    std::vector<declared_operation<Structure, Model>> operations{};
    std::vector<std::string> roles{};
    std::vector<std::string_view> names{};
    std::vector<std::uint32_t> at_the_end{};
    std::size_t least = 0, most = 0; // sizes; 0: there are none
    std::function<std::unique_ptr<Structure>(std::size_t)> make_structure{};
    std::function<Model(std::size_t)> make_model{};

    // What the first exception of each operation said; written without allocating, since what a program of the explorer allocates is its own.
    mutable std::mutex mutex{};
    mutable std::vector<std::array<char, 128>> said{};

    void note_exception([[maybe_unused]] std::uint32_t operation) const {
#if defined(__cpp_exceptions)
        auto const note = [&](std::string_view what) {
            std::lock_guard const lock(mutex);
            auto& first = said[operation];
            if (first.front() == '\0') {
                what.copy(first.data(), first.size() - 1);
            }
        };
        try {
            throw;
        } catch (std::exception const& e) {
            note(e.what());
        } catch (...) {
            note("not a std::exception");
        }
#endif
    }
    std::string remark(history const& calls) const {
        std::lock_guard const lock(mutex);
        for (auto const& c : calls) {
            if (!c.pending() && c.answer == threw) {
                return concat({names[c.operation], " threw: ", said[c.operation].data()});
            }
        }
        return {};
    }
};

template <class Structure, class Model>
class declared_object : public object {
public:
    declared_object(declaration<Structure, Model> const& what, std::size_t size)
        : what_(what), structure_(what.make_structure(size)) {}

    reply perform(std::uint32_t operation, values const& argument) override {
        return answer_or_threw([&] {
#if defined(__cpp_exceptions)
            try {
                return what_.operations[operation].on_structure(*structure_, argument);
            } catch (...) {
                what_.note_exception(operation);
                throw;
            }
#else
            return what_.operations[operation].on_structure(*structure_, argument);
#endif
        });
    }

private:
    declaration<Structure, Model> const& what_;
    std::unique_ptr<Structure> structure_;
};

template <class Structure, class Model>
struct specification_of {
    using type = model_spec<Structure, Model>;
};
template <class Structure, specification Model>
struct specification_of<Structure, Model> {
    using type = Model;
};
template <class Structure, class Model>
using specification_of_t = typename specification_of<Structure, Model>::type;

template <class Structure, class Model>
class declared_scenario : public judged_scenario<specification_of_t<Structure, Model>> {
    using spec = specification_of_t<Structure, Model>;
    using base = judged_scenario<spec>;

public:
    declared_scenario(std::shared_ptr<declaration<Structure, Model> const> what, length l)
        : base(what->name, "", l), what_(std::move(what)) {}

    std::string identity() const override {
        auto all = base::identity();
        for (auto const& o : what_->operations) {
            all += concat({" ", o.name, "/", std::to_string(o.weight), "/", o.role});
        }
        return all;
    }

    std::size_t most_threads() const override {
        bool const free = std::ranges::any_of(what_->operations, [](auto const& o) { return o.role.empty(); });
        return free ? 64 : what_->roles.size();
    }

    program random_program(dice& d, std::size_t threads) const override {
        program made;
        if (what_->most != 0) {
            made.capacity = d.between(what_->least, what_->most);
        }
        tempo pace(d, this->kind);
        draws arguments(d.next());
        auto const first_role = d.below(threads);
        for (std::size_t lane = 0; lane != threads; ++lane) {
            auto const weights = weights_of(d, (lane + first_role) % threads, threads);
            if (std::ranges::count(weights, 0U) == std::ssize(weights)) {
                continue; // every operation belongs to another thread
            }
            auto& steps = made.lanes.emplace_back(calls_of_a_lane(d, this->kind));
            for (auto& s : steps) {
                s.before = pace.next();
                s.operation = choose(d, weights);
                s.argument = what_->operations[s.operation].draw(arguments);
            }
        }
        return made;
    }

    program renumbered(program const& p) const override {
        auto made = p;
        std::map<std::int64_t, std::int64_t> names;
        for (auto& lane : made.lanes) {
            for (auto& step : lane) {
                for (std::size_t i = 0; i != step.argument.size(); ++i) {
                    if (what_->operations[step.operation].is_unique[i]) {
                        auto const next = static_cast<std::int64_t>(names.size()) + 1;
                        step.argument.item[i] = names.emplace(step.argument[i], next).first->second;
                    }
                }
            }
        }
        return made;
    }

    std::unique_ptr<object> make(program const& p) const override {
        return std::make_unique<declared_object<Structure, Model>>(*what_, p.capacity);
    }

    void finish(afterwards& t) const override {
        for (auto const operation : what_->at_the_end) {
            auto left = what_->operations[operation].may_be_missing ? 4 * t.what().calls() + 1 : 1;
            while (left-- != 0 && t.then(operation).answer == status::success) {
            }
        }
    }

    spec initial(program const& p) const override {
        if constexpr (specification<Model>) {
            return what_->make_model(p.capacity);
        } else {
            return {what_->operations, what_->names, what_->make_model(p.capacity)};
        }
    }

    std::span<std::string_view const> operations() const override { return what_->names; }

    bool explains_waiting() const override {
        return specification<Model> ? base::explains_waiting()
                                    : std::ranges::any_of(what_->operations, [](auto const& o) { return o.waits != nullptr; });
    }
    bool may_be_called(std::uint32_t operation) const override {
        auto const& o = what_->operations[operation];
        return o.on_structure && o.weight != 0;
    }

    finding check(program const& p, history const& calls) const override {
        if (specification<Model> && first_thrown(calls) != calls.end()) {
            return {verdict::violation};
        }
        return base::check(p, calls);
    }

    explanation explain(program const& p, history const& calls, std::size_t recorded, std::string const& again,
                        bool whole) const override {
        auto const thrown = first_thrown(calls);
        if (!specification<Model> || thrown == calls.end()) {
            return base::explain(p, calls, recorded, again, whole);
        }
        auto shown = cut(calls, thrown->returned); // in which it is the last to return
        sort_by_invocation(shown);
        auto const marked = std::ranges::find(shown, thrown->returned, &call::returned) - shown.begin();
        failure_text const words{.subject = this->subject(),
                                 .verdict = "threw an exception",
                                 .recorded = recorded,
                                 .why = what_->remark(shown),
                                 .again = again};
        return {render(words, what_->names, shown, static_cast<std::size_t>(marked)), shown.size(), threads_of(shown)};
    }

private:
    // The thread numbered `place` may call what has no role, and the roles that fall to it.
    std::vector<unsigned> weights_of(dice& d, std::size_t place, std::size_t threads) const {
        std::vector<unsigned> usual, drawn;
        for (auto const& o : what_->operations) {
            auto const role = static_cast<std::size_t>(std::ranges::find(what_->roles, o.role) - what_->roles.begin());
            bool const may = o.role.empty() || role % threads == place;
            usual.push_back(may ? o.weight : 0);
            drawn.push_back(usual.back() * static_cast<unsigned>(d.below(4))); // a thread has a character
        }
        return std::ranges::any_of(drawn, [](unsigned w) { return w != 0; }) ? drawn : usual;
    }

    static history::const_iterator first_thrown(history const& calls) {
        auto first = calls.end();
        for (auto c = calls.begin(); c != calls.end(); ++c) {
            if (!c->pending() && c->answer == threw && (first == calls.end() || c->returned < first->returned)) {
                first = c;
            }
        }
        return first;
    }

    std::string twin() const override { return specification<Model> ? "the specification" : "the model"; }
    std::string remark(history const& calls) const override { return what_->remark(calls); }

    std::shared_ptr<declaration<Structure, Model> const> what_;
};

} // namespace detail

template <class Structure, class Model>
class test {
    static_assert(std::copyable<Model> && std::equality_comparable<Model>,
                  "the search copies the model and compares it: it needs both");

public:
    explicit test(std::string name) {
        what_->name = std::move(name);
        if constexpr (std::is_default_constructible_v<Structure>) {
            what_->make_structure = [](std::size_t) { return std::make_unique<Structure>(); };
        }
        if constexpr (std::is_default_constructible_v<Model>) {
            what_->make_model = [](std::size_t) { return Model(); };
        }
        if constexpr (specification<Model>) {
            what_->names.assign(std::begin(Model::operations), std::end(Model::operations));
            what_->operations.resize(what_->names.size());
            for (std::size_t i = 0; i != what_->names.size(); ++i) {
                what_->operations[i].name = what_->names[i];
                what_->operations[i].weight = 0; // until it is declared
            }
        }
    }

    // What threads may call, and what it does to the model. Arguments and results: numbers.hpp.
    template <class OnStructure, class OnModel>
    test& operation(std::string name, OnStructure on_structure, OnModel on_model) {
        static_assert(!specification<Model>, "a specification says itself what it does");
        using one = detail::signature_t<OnStructure, Structure>;
        using other = detail::signature_t<OnModel, Model>;
        static_assert(std::tuple_size_v<typename one::arguments> == std::tuple_size_v<typename other::arguments>,
                      "the structure and the model take different arguments");
        static_assert(std::is_void_v<typename one::result> == std::is_void_v<typename other::result>,
                      "of the structure and the model only one answers");
        last_ = what_->operations.size();
        what_->operations.push_back({.name = std::move(name)});
        what_->operations.back().on_model = detail::applied<Model>(std::move(on_model));
        return declare(std::move(on_structure));
    }
    // One function for both, as [](auto& object, int value) { object.push_back(value); }; or only for the structure, of an
    // operation that the specification names.
    template <class OnBoth>
    test& operation(std::string name, OnBoth on_both) {
        if constexpr (specification<Model>) {
            auto const known = std::ranges::find(what_->names, std::string_view(name));
            if (known == what_->names.end()) {
                detail::refuse_declaration(concat({"the specification has no operation '", name, "'"}));
            }
            last_ = static_cast<std::size_t>(known - what_->names.begin());
            what_->operations[last_].weight = 1;
            return declare(std::move(on_both));
        } else {
            return operation(std::move(name), on_both, on_both);
        }
    }

    // About the last operation: where its arguments come from, a generator each.
    template <class... Generator>
    test& taking(Generator... generator) {
        return draw_by([=](draws& from) {
            values list;
            (numbers<std::decay_t<decltype(generator(from))>>::put(generator(from), list), ...);
            return list;
        });
    }
    // How often it is called, beside the others; 1 unless said.
    test& weight(unsigned times) {
        last().weight = times;
        return *this;
    }
    // It is called by one thread only, the same for all operations with this role.
    test& only_by(std::string role) {
        if (std::ranges::find(what_->roles, role) == what_->roles.end()) {
            what_->roles.push_back(role);
        }
        last().role = std::move(role);
        return *this;
    }

    // It waits while that is true of the model and of its arguments. For the explorer: real threads that wait for ever are lost.
    template <class OnModel>
    test& waits_while(OnModel on_model) {
        static_assert(!specification<Model>, "a specification says itself what waits");
        last().waits = detail::asked_of<Model>(std::move(on_model));
        return *this;
    }

    // An operation without arguments that is called when the threads are through: once, or, when its result may be missing,
    // until it is. What was lost shows there. It must not wait.
    test& finally(std::string_view name) {
        auto const known = std::ranges::find(what_->operations, name, &declared_operation<Structure, Model>::name);
        if (known == what_->operations.end()) {
            detail::refuse_declaration(concat({"there is no operation '", name, "'"}));
        }
        what_->at_the_end.push_back(static_cast<std::uint32_t>(known - what_->operations.begin()));
        return *this;
    }

    // Both are made with a number that the seed chooses.
    test& sizes(std::size_t least, std::size_t most) {
        what_->least = least;
        what_->most = most;
        if constexpr (std::is_constructible_v<Structure, std::size_t>) {
            what_->make_structure = [](std::size_t size) { return std::make_unique<Structure>(size); };
        }
        if constexpr (std::is_constructible_v<Model, std::size_t>) {
            what_->make_model = [](std::size_t size) { return Model(size); };
        }
        return *this;
    }
    // How both are made, of nothing or of that number.
    template <class MakeStructure, class MakeModel>
    test& made_by(MakeStructure make_structure, MakeModel make_model) {
        what_->make_structure = [make = std::move(make_structure)](std::size_t size) {
            return std::unique_ptr<Structure>(new Structure(made(make, size)));
        };
        what_->make_model = [make = std::move(make_model)](std::size_t size) { return Model(made(make, size)); };
        return *this;
    }

    test_report run(run_options const& asked = run_options::from_environment()) const {
        return detail::runs::run(scenarios(), asked, detail::replay_by_environment);
    }
    // Reads the options from the command line, prints what it found, and returns the exit code.
    int main(int argc, char const* const* argv) const { return detail::runs::run_as_main(scenarios(), argc, argv); }

private:
    template <class OnStructure>
    test& declare(OnStructure on_structure) {
        using signature = detail::signature_t<OnStructure, Structure>;
        auto& o = last();
        o.may_be_missing = detail::result_may_be_missing<typename signature::result>();
        o.on_structure = detail::applied<Structure>(std::move(on_structure));
        return draw_by(detail::usual_draw<typename signature::arguments>());
    }

    test& draw_by(std::function<values(draws&)> draw) {
        auto& o = last();
        o.draw = std::move(draw);
        if (o.draw) {
            o.is_unique = detail::unique_ones(o.draw);
        }
        return *this;
    }

    template <class Make>
    static decltype(auto) made(Make const& make, std::size_t size) {
        if constexpr (std::is_invocable_v<Make const&, std::size_t>) {
            return make(size);
        } else {
            return make();
        }
    }

    declared_operation<Structure, Model>& last() {
        if (last_ >= what_->operations.size()) {
            detail::refuse_declaration("say which operation first");
        }
        return what_->operations[last_];
    }

    detail::some_scenarios scenarios() const {
        auto const& all = what_->operations;
        if (std::ranges::none_of(all, [](auto const& o) { return o.on_structure && o.weight != 0; })) {
            detail::refuse_declaration("there is no operation to call");
        }
        for (auto const& o : all) {
            if (o.on_structure && !o.draw) {
                detail::refuse_declaration(concat({"say what ", o.name, " takes"}));
            }
#if !defined(TANDEM_EXPLORES)
            if (o.waits) {
                detail::refuse_declaration(concat({o.name, " may wait for ever: only the explorer can call it"}));
            }
#endif
        }
        if (!what_->make_structure || !what_->make_model) {
            detail::refuse_declaration("say how the structure and the model are made: made_by");
        }
        what_->said.assign(all.size(), {});
        if constexpr (!specification<Model>) {
            what_->names.clear();
            for (auto const& o : all) {
                what_->names.push_back(o.name);
            }
        }
        using scenario_type = detail::declared_scenario<Structure, Model>;
        detail::some_scenarios made{std::make_shared<scenario_type>(what_, length::brief)};
        if constexpr (requires(detail::specification_of_t<Structure, Model> const& s, history const& calls) {
                          s.monitor(calls);
                      }) {
            made.push_back(std::make_shared<scenario_type>(what_, length::stream));
        }
        return made;
    }

    std::shared_ptr<detail::declaration<Structure, Model>> what_ =
        std::make_shared<detail::declaration<Structure, Model>>();
    std::size_t last_ = static_cast<std::size_t>(-1);
};

} // namespace tandem::stress
