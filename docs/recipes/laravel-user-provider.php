<?php
// Laravel: a user provider. Save it as app/Auth/UsherUserProvider.php, with USHER_URL and USHER_SITE_KEY in the environment. Then,
// in AppServiceProvider::boot():
//
//     Auth::provider('usher', fn () => new UsherUserProvider(fn () => request()->ip()));
//     Gate::define('tag', fn ($user, $tag) => in_array($tag, $user->tags, true));
//
// in config/auth.php 'providers' => ['users' => ['driver' => 'usher']], and on routes:
//
//     Route::middleware(['auth', 'auth.session', 'can:tag,customer'])->group(…);
//
// "auth.session" ends sessions when the password was changed: to Laravel the time of the change is the password.

namespace App\Auth;

use Illuminate\Auth\GenericUser;
use Illuminate\Contracts\Auth\Authenticatable;
use Illuminate\Contracts\Auth\UserProvider;

class UsherUserProvider implements UserProvider
{
    private ?string $loggedIn = null;

    /** @param \Closure(): string $ip the person's address; behind a proxy it needs Laravel's trusted proxies */
    public function __construct(private \Closure $ip)
    {
    }

    public function retrieveByCredentials(array $credentials): ?Authenticatable
    {
        $login = $credentials['email'] ?? $credentials['login'] ?? '';
        if ($login === '' || !isset($credentials['password'])) {
            return null;
        }
        $user = $this->ask('v1/login', ['login' => $login, 'password' => $credentials['password'], 'ip' => ($this->ip)()]);
        $this->loggedIn = $user['id'] ?? null;
        return $this->made($user);
    }

    /** The password was checked when the user was asked for. */
    public function validateCredentials(Authenticatable $user, array $credentials): bool
    {
        return $this->loggedIn !== null && $user->getAuthIdentifier() === $this->loggedIn;
    }

    /** Every request asks for the user of its session, so that tags are those of now. */
    public function retrieveById($identifier): ?Authenticatable
    {
        return $this->made($this->ask('v1/users/' . rawurlencode($identifier)));
    }

    /** "Remember me" needs a table of your own. */
    public function retrieveByToken($identifier, $token): ?Authenticatable
    {
        return null;
    }

    public function updateRememberToken(Authenticatable $user, $token): void
    {
    }

    public function rehashPasswordIfRequired(Authenticatable $user, array $credentials, bool $force = false): void
    {
    }

    private function made(?array $user): ?Authenticatable
    {
        return $user === null ? null : new GenericUser($user + ['password' => $user['password_set_at'] ?? '', 'remember_token' => null]);
    }

    /** The user that Usher answers with, or null for a no. An answer that decides nothing is thrown. */
    private function ask(string $path, ?array $body = null): ?array
    {
        $context = stream_context_create(['http' => [
            'method' => $body === null ? 'GET' : 'POST',
            'header' => ['Authorization: Bearer ' . getenv('USHER_SITE_KEY'), 'Content-Type: application/json'],
            'content' => $body === null ? '' : json_encode($body, JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE),
            'timeout' => 5,
            'ignore_errors' => true,
        ]]);
        $text = @file_get_contents(rtrim(getenv('USHER_URL'), '/') . '/' . $path, false, $context);
        $answer = $text === false ? null : json_decode($text, true);
        if (isset($answer['user'])) {
            return $answer['user'];
        }
        $code = $answer['error']['code'] ?? 'unavailable';
        if (in_array($code, ['invalid_login', 'user_not_found'], true)) {
            return null;
        }
        // `too_many_tries` too: catch it where people log in, and tell them to wait.
        throw new \RuntimeException($code);
    }
}
